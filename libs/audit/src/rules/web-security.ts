import type { ProductionSettings } from '../production-settings';
import {
  entryOf,
  isAlways,
  isKnown,
  listContains,
  possibilities,
  type SettingValue,
  textOf,
  textsOf,
  truthOf,
} from '../setting-value';
import type { SettingName } from '../settings-read';
import { finding, type SettingFinding } from './setting-finding';

const SECURITY_MIDDLEWARE = 'django.middleware.security.SecurityMiddleware';
const FAST_HASHERS = /\.(MD5|SHA1|UnsaltedMD5|UnsaltedSHA1|Crypt)PasswordHasher$/;

/** What Django's own protections are set to. Silent about whatever may be otherwise in some environment. */
export function judgeWebSecurity(settings: ProductionSettings, isProxyInProject: boolean): SettingFinding[] {
  return [
    ...judgeHosts(settings),
    ...judgeMiddleware(settings),
    ...judgeCookies(settings),
    ...(isProxyInProject ? [] : judgeTransport(settings)),
    ...judgeCors(settings),
    ...judgePasswords(settings),
    ...judgeApi(settings),
    ...judgeSilenced(settings),
  ];
}

/** Whether an app or middleware is in a list: by a whole dotted name or a package of it. */
export function has(settings: ProductionSettings, name: 'INSTALLED_APPS' | 'MIDDLEWARE', wanted: string): 'yes' | 'no' | 'maybe' {
  return listContains(settings.value(name), (text) => text === wanted || text.startsWith(`${wanted}.`));
}

function hasMiddleware(settings: ProductionSettings, pattern: RegExp): 'yes' | 'no' | 'maybe' {
  return listContains(settings.value('MIDDLEWARE'), (text) => pattern.test(text));
}

function judgeHosts(settings: ProductionSettings): SettingFinding[] {
  const placed = settings.get('ALLOWED_HOSTS');
  if (placed.value.kind === 'environment' || listContains(placed.value, (text) => text === '*') !== 'yes') return [];
  return [finding('settings/allowed-hosts-any', placed, 'ALLOWED_HOSTS accepts every name.')];
}

function judgeMiddleware(settings: ProductionSettings): SettingFinding[] {
  const placed = settings.get('MIDDLEWARE');
  if (!isAlways(placed.value, (one) => one.kind === 'list' && !one.open && one.items.length > 0)) return [];
  const found: SettingFinding[] = [];
  if (hasMiddleware(settings, /(^|\.)\w*Security\w*$|security\w*\.\w+$/i) === 'no')
    found.push(finding('settings/no-security-middleware', placed, `MIDDLEWARE has no ${SECURITY_MIDDLEWARE}.`));
  const hasSessions =
    hasMiddleware(settings, /SessionMiddleware$/) === 'yes' && hasMiddleware(settings, /AuthenticationMiddleware$/) === 'yes';
  if (hasSessions && hasMiddleware(settings, /csrf/i) === 'no')
    found.push(
      finding('settings/no-csrf-middleware', placed, 'MIDDLEWARE signs users in by session but has no CSRF protection.'),
    );
  const hasFrames = hasMiddleware(settings, /XFrameOptions|Clickjacking|csp|ContentSecurityPolicy|FrameOptions|secur/i);
  const isDjangoOnly = hasMiddleware(settings, /XFrameOptions|Clickjacking|csp|ContentSecurityPolicy|FrameOptions/i) === 'no';
  if (hasSessions && isDjangoOnly && hasFrames !== 'maybe')
    found.push(
      finding(
        'settings/no-frame-protection',
        placed,
        'MIDDLEWARE sends neither X-Frame-Options nor a content security policy.',
        'medium',
      ),
    );
  return found;
}

function judgeCookies(settings: ProductionSettings): SettingFinding[] {
  const found: SettingFinding[] = [];
  if (hasMiddleware(settings, /SessionMiddleware$/) === 'yes') {
    const isOff = isNeverTrue(settings, 'SESSION_COOKIE_SECURE');
    if (isOff)
      found.push(
        finding(
          'settings/session-cookie-insecure',
          settings.get('SESSION_COOKIE_SECURE'),
          unsetOr(settings, 'SESSION_COOKIE_SECURE', 'not set', 'off'),
        ),
      );
    if (isAlways(settings.value('SESSION_COOKIE_HTTPONLY'), (one) => isKnown(one, false)))
      found.push(
        finding('settings/session-cookie-scripts', settings.get('SESSION_COOKIE_HTTPONLY'), 'SESSION_COOKIE_HTTPONLY is off.'),
      );
  }
  if (hasMiddleware(settings, /CsrfViewMiddleware$/) === 'yes' && isNeverTrue(settings, 'CSRF_COOKIE_SECURE'))
    found.push(
      finding(
        'settings/csrf-cookie-insecure',
        settings.get('CSRF_COOKIE_SECURE'),
        unsetOr(settings, 'CSRF_COOKIE_SECURE', 'not set', 'off'),
      ),
    );
  if (isAlways(settings.value('SESSION_SERIALIZER'), (one) => /PickleSerializer$/.test(textOf(one) ?? '')))
    found.push(finding('settings/pickled-sessions', settings.get('SESSION_SERIALIZER'), 'Sessions are kept as pickles.'));
  if (isAlways(settings.value('SECURE_CONTENT_TYPE_NOSNIFF'), (one) => isKnown(one, false)))
    found.push(
      finding('settings/sniffing-allowed', settings.get('SECURE_CONTENT_TYPE_NOSNIFF'), 'SECURE_CONTENT_TYPE_NOSNIFF is off.'),
    );
  return found;
}

function judgeTransport(settings: ProductionSettings): SettingFinding[] {
  const found: SettingFinding[] = [];
  const behindProxy = possibilities(settings.value('SECURE_PROXY_SSL_HEADER')).some((one) => truthOf(one) !== false);
  if (!behindProxy && isNeverTrue(settings, 'SECURE_SSL_REDIRECT'))
    found.push(
      finding(
        'settings/no-https-redirect',
        settings.get('SECURE_SSL_REDIRECT'),
        unsetOr(settings, 'SECURE_SSL_REDIRECT', 'not set', 'off'),
        'medium',
      ),
    );
  if (isNeverTrue(settings, 'SECURE_HSTS_SECONDS'))
    found.push(
      finding(
        'settings/no-hsts',
        settings.get('SECURE_HSTS_SECONDS'),
        unsetOr(settings, 'SECURE_HSTS_SECONDS', 'not set', '0'),
        'medium',
      ),
    );
  return found;
}

/** Every environment leaves it off, and nothing about it is unknown. */
function isNeverTrue(settings: ProductionSettings, name: SettingName): boolean {
  return isAlways(settings.value(name), (one) => truthOf(one) === false);
}

function unsetOr(settings: ProductionSettings, name: SettingName, unset: string, off: string): string {
  return `${name} is ${settings.value(name).kind === 'unset' ? unset : off}.`;
}

function judgeCors(settings: ProductionSettings): SettingFinding[] {
  if (has(settings, 'INSTALLED_APPS', 'corsheaders') === 'no' || hasMiddleware(settings, /corsheaders.*CorsMiddleware$/) === 'no')
    return [];
  const isOpen = (value: SettingValue): boolean => isAlways(value, (one) => truthOf(one) === true);
  const name = (['CORS_ALLOW_ALL_ORIGINS', 'CORS_ORIGIN_ALLOW_ALL'] as const).find((one) => isOpen(settings.value(one)));
  if (name === undefined) return [];
  return isOpen(settings.value('CORS_ALLOW_CREDENTIALS'))
    ? [
        finding(
          'settings/cors-any-origin-with-credentials',
          settings.get(name),
          `${name} and CORS_ALLOW_CREDENTIALS are both on.`,
        ),
      ]
    : [finding('settings/cors-any-origin', settings.get(name), `${name} is on.`)];
}

function judgePasswords(settings: ProductionSettings): SettingFinding[] {
  const found: SettingFinding[] = [];
  const hashers = settings.get('PASSWORD_HASHERS');
  const isFast = isAlways(
    hashers.value,
    (one) => one.kind === 'list' && one.items[0] !== undefined && FAST_HASHERS.test(textOf(one.items[0]) ?? ''),
  );
  if (isFast) found.push(finding('settings/fast-password-hasher', hashers, 'The first of PASSWORD_HASHERS is a fast one.'));
  const validators = settings.get('AUTH_PASSWORD_VALIDATORS');
  const isEmpty = isAlways(validators.value, (one) => truthOf(one) === false);
  if (isEmpty && has(settings, 'INSTALLED_APPS', 'django.contrib.auth') === 'yes')
    found.push(
      finding(
        'settings/no-password-validators',
        validators,
        `AUTH_PASSWORD_VALIDATORS is ${validators.value.kind === 'unset' ? 'not set' : 'empty'}.`,
      ),
    );
  return found;
}

/** Open to everybody by a setting that somebody wrote; that nobody wrote any may be a choice for each view. */
function judgeApi(settings: ProductionSettings): SettingFinding[] {
  const placed = settings.get('REST_FRAMEWORK');
  const classes = entryOf(placed.value, 'DEFAULT_PERMISSION_CLASSES');
  const isOpen = isAlways(classes, (one) => {
    const texts = textsOf(one);
    return texts?.every((text) => text === 'rest_framework.permissions.AllowAny') === true;
  });
  return isOpen
    ? [finding('settings/open-api-by-default', placed, 'DEFAULT_PERMISSION_CLASSES of REST_FRAMEWORK lets everybody in.')]
    : [];
}

function judgeSilenced(settings: ProductionSettings): SettingFinding[] {
  const placed = settings.get('SILENCED_SYSTEM_CHECKS');
  const silenced = (textsOf(placed.value) ?? []).filter((text) => text.startsWith('security.'));
  return silenced.length === 0
    ? []
    : [finding('settings/silenced-security-checks', placed, `SILENCED_SYSTEM_CHECKS silences ${silenced.join(', ')}.`)];
}
