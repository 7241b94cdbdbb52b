import { type CompanionOrder, checkOrder } from './orders';

const here = { environment: {}, without: [], seconds: null };
const command = { kind: 'command', name: 'migrate', arguments: ['shop', 'zero'], ...here } as const;
const gunicorn = { kind: 'gunicorn', config: 'deploy/gunicorn.conf.py', application: null, checkOnly: true, ...here } as const;
const worker = { kind: 'worker', application: 'shop.celery:app', queues: ['mail', 'low.priority'], ...here } as const;

describe('an order for a further sandbox', () => {
  it.each<CompanionOrder>([
    command,
    gunicorn,
    worker,
    { kind: 'settings', ...here },
    { kind: 'serve', ...here, without: ['DJANGO_SECRET_KEY'], environment: { SHOP_DEBUG: 'False' }, seconds: 900 },
    { kind: 'static-files', ...here },
    { kind: 'library-files', ...here },
    { kind: 'deploy-check', values: '{}', ...here },
  ])('of kind $kind is let pass', (order) => {
    expect(() => checkOrder(order)).not.toThrow();
  });

  it.each<[string, CompanionOrder | object]>([
    ['no name of a management command', { ...command, name: '--version' }],
    ['no name of a management command', { ...command, name: 'shop.migrate' }],
    ['not allowed in arguments', { ...command, arguments: ['a\0b'] }],
    ['more than 40 arguments', { ...command, arguments: Array.from({ length: 41 }, () => 'x') }],
    ['no path in the project', { ...gunicorn, config: '../gunicorn.conf.py' }],
    ['no path in the project', { ...gunicorn, config: '/etc/passwd' }],
    ['no path in the project', { ...gunicorn, config: '--daemon' }],
    ['no application', { ...gunicorn, application: 'shop.wsgi:application --reload' }],
    ['no application', { ...worker, application: '-x' }],
    ['not allowed in queues', { ...worker, queues: ['mail,other'] }],
    ['PYTHONPATH cannot be set', { ...command, environment: { PYTHONPATH: '/tmp' } }],
    ['LD_PRELOAD cannot be set', { ...command, environment: { LD_PRELOAD: '/tmp/x.so' } }],
    ['DJANGO_SETTINGS_MODULE cannot be set', { ...command, environment: { DJANGO_SETTINGS_MODULE: 'other' } }],
    ['cannot have this value', { ...command, environment: { COLOUR: 'a\0b' } }],
    ['not allowed in without', { ...command, without: ['PATH'] }],
    ['seconds must be', { ...command, seconds: 0 }],
    ['seconds must be', { ...command, seconds: 1.5 }],
    ['there is no such kind', { kind: 'shell', ...here }],
  ])('is refused: %s', (why, order) => {
    expect(() => checkOrder(order as CompanionOrder)).toThrow(TypeError);
    expect(() => checkOrder(order as CompanionOrder)).toThrow(why);
  });
});
