import {
  createTheme,
  Menu,
  Modal,
  Popover,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

const brand: MantineColorsTuple = [
  '#f1f4ff',
  '#e2e9ff',
  '#c6d3ff',
  '#a7baff',
  '#8aa3fb',
  '#7490f6',
  '#607dee',
  '#4c6ae2',
  '#3a58d0',
  '#2f49b1',
];

// Shade 8 with autoContrast, and darker dimmed and placeholder colours: Mantine's own fail WCAG AA.
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: 8,
  autoContrast: true,
  colors: { brand },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  headings: { fontWeight: '650' },
  components: {
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 400, withArrow: true, events: { hover: true, focus: true, touch: false } },
    }),
    Menu: Menu.extend({
      defaultProps: { shadow: 'md', position: 'bottom-end', transitionProps: { duration: 100 } },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 100 } } }),
    Modal: Modal.extend({ defaultProps: { centered: true, transitionProps: { duration: 120 } } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b6270',
    '--mantine-color-placeholder': '#666d7a',
    '--mantine-color-error': '#c02626',
    '--mantine-color-anchor': '#2f49b1',
  },
  dark: {
    '--mantine-color-body': '#1a1d23',
    '--mantine-color-dimmed': '#a3abb8',
    '--mantine-color-placeholder': '#98a0ad',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#9db2ff',
  },
});
