import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MenuProps,
  type ModalProps,
  type PopoverProps,
  type TooltipProps,
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

// The greys of global.css: Mantine's own dark ones are warm beside them.
const dark: MantineColorsTuple = [
  '#e6e9ef',
  '#c3c9d3',
  '#a3abb8',
  '#7b8494',
  '#3a404c',
  '#2d323c',
  '#23272f',
  '#1a1d23',
  '#14171c',
  '#0f1216',
];

// Shade 8 with autoContrast, and darker dimmed and placeholder colours: Mantine's own fail WCAG AA.
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: 8,
  autoContrast: true,
  colors: { brand, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  headings: { fontWeight: '650' },
  // By name: the components themselves come with what shows them, dialogs not before they are opened.
  components: {
    Tooltip: {
      defaultProps: {
        openDelay: 400,
        withArrow: true,
        events: { hover: true, focus: true, touch: false },
      } satisfies Partial<TooltipProps>,
    },
    Menu: {
      defaultProps: {
        shadow: 'md',
        position: 'bottom-end',
        transitionProps: { duration: 100 },
      } satisfies Partial<MenuProps>,
    },
    Popover: {
      defaultProps: { shadow: 'md', transitionProps: { duration: 100 } } satisfies Partial<PopoverProps>,
    },
    Modal: {
      defaultProps: { centered: true, transitionProps: { duration: 120 } } satisfies Partial<ModalProps>,
    },
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
    '--mantine-color-dimmed': '#a3abb8',
    '--mantine-color-placeholder': '#98a0ad',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#9db2ff',
  },
});
