import type { CheckOrigins } from './browser-origins-api';

export const browserOrigins: CheckOrigins = {
  preflight: (method, headers = []) => ({
    'access-control-request-method': method,
    ...(headers.length > 0 && { 'access-control-request-headers': headers.join(', ') }),
  }),
  grants: ({ headers }) => {
    const origin = headers['access-control-allow-origin'] ?? null;
    return {
      origin,
      // A browser takes this word alone.
      credentials: headers['access-control-allow-credentials'] === 'true',
      methods: listOf(headers['access-control-allow-methods']).map((method) => method.toUpperCase()),
      headers: listOf(headers['access-control-allow-headers']).map((name) => name.toLowerCase()),
      variesByOrigin: listOf(headers.vary).some((name) => name === '*' || name.toLowerCase() === 'origin'),
      allows: (asked) => origin === '*' || origin === asked,
    };
  },
  lookAlikes: (allowed) => {
    const [, scheme = '', host = '', port = ''] = /^(https?):\/\/([^/:]+)(:\d+)?$/.exec(allowed) ?? [];
    if (host === '') throw new TypeError(`"${allowed}" is no origin`);
    return [
      'https://evil.example',
      'null',
      `${scheme}://${host}.evil.example${port}`,
      `${scheme}://evil-${host}${port}`,
      `${scheme}://evil.${host}${port}`,
      `${scheme}://${host.replace('.', 'x')}${port}`,
      `${scheme === 'https' ? 'http' : 'https'}://${host}${port}`,
      `${scheme}://${host}:8443`,
    ];
  },
};

function listOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
