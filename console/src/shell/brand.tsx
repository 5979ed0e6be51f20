import favicon from '../favicon.svg';
import classes from './frame.module.css';

export function Brand() {
  return (
    <span className={classes.brand}>
      <img src={favicon} width={26} height={26} alt="" />
      <span>Leadgate</span>
    </span>
  );
}
