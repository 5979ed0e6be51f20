/** What every page says to browsers, beside its own Content-Security-Policy and what every answer says. */
export const pageHeaders = {
  // Said by every answer that comes over https, see answer-headers.ts.
  strictTransportSecurity: false,
  xFrameOptions: 'DENY',
  permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
};
