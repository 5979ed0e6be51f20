/** What every page says to browsers, beside its own Content-Security-Policy. */
export const pageHeaders = {
  // Browsers heed it over https alone; other hosts of the domain are not ours to bind.
  strictTransportSecurity: 'max-age=15552000',
  xFrameOptions: 'DENY',
  permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
};
