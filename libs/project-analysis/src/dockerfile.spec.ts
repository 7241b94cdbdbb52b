import { commandWords, inForce, parseDockerfile, variablesOf } from './dockerfile';

describe('a Dockerfile', () => {
  const lines = (...text: string[]): string => text.join('\n');

  it('is read with stages, arguments, continued lines, comments in them and flags', () => {
    const image = parseDockerfile(
      lines(
        '# syntax=docker/dockerfile:1',
        'ARG VERSION=3.12',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the Dockerfile
        'FROM --platform=linux/amd64 python:${VERSION}-slim AS Build',
        'RUN apt-get update \\',
        '    # not yet \\',
        '',
        '    && apt-get install -y gcc',
        'from build',
        'COPY --from=build --chown=app:app /a /b',
        'USER app',
        'CMD ["gunicorn", "shop.wsgi"]',
      ),
    );
    expect(image.problems).toEqual([]);
    expect(image.stages.map(({ name, base, parent, line }) => [name, base, parent?.name ?? null, line])).toEqual([
      ['build', 'python:3.12-slim', null, 3],
      [null, 'build', 'build', 8],
    ]);
    const [run] = image.stages[0]?.instructions ?? [];
    expect(run?.text.replace(/\s+/g, ' ')).toBe('apt-get update && apt-get install -y gcc');
    expect([run?.line, run?.endLine]).toEqual([4, 7]);
    const [copy, , start] = image.stages[1]?.instructions ?? [];
    expect([...(copy?.flags ?? [])]).toEqual([
      ['from', 'build'],
      ['chown', 'app:app'],
    ]);
    expect(copy?.text).toBe('/a /b');
    expect(commandWords(start ?? null)).toEqual(['gunicorn', 'shop.wsgi']);
  });

  it('takes what an earlier stage set', () => {
    const image = parseDockerfile(lines('FROM python:3.12 AS base', 'USER app', 'USER web', 'FROM base', 'RUN true'));
    const final = image.stages[1];
    expect(final && inForce(final, 'USER')?.text).toBe('web');
    expect(final && inForce(final, 'CMD')).toBeNull();
  });

  it('does not take text of a here-document or a comment for instructions', () => {
    const image = parseDockerfile(
      lines(
        'FROM a:1',
        'RUN <<EOF cat',
        'USER app',
        'EOF',
        '# USER app',
        'COPY <<A <<-"B" /x/',
        'one',
        'A',
        '\ttwo',
        '\tB',
        'RUN x',
      ),
    );
    expect(image.problems).toEqual([]);
    expect(image.instructions.map(({ name }) => name)).toEqual(['FROM', 'RUN', 'COPY', 'RUN']);
    expect(image.instructions[2]?.documents).toEqual(['one', '\ttwo']);
  });

  it('honours the escape directive', () => {
    const image = parseDockerfile(lines('# escape=`', 'FROM a:1', 'RUN dir `', '  c:\\', 'RUN x'));
    expect(image.instructions.map(({ name }) => name)).toEqual(['FROM', 'RUN', 'RUN']);
  });

  it('reads both forms of ENV, quotes and ARG without a value', () => {
    const image = parseDockerfile(lines('FROM a:1', 'ENV A=1 B="two words" C=\'x\'', 'ENV D three words', 'ARG E', 'ARG F='));
    expect(image.instructions.slice(1).flatMap(variablesOf)).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: 'two words' },
      { name: 'C', value: 'x' },
      { name: 'D', value: 'three words' },
      { name: 'E', value: null },
      { name: 'F', value: '' },
    ]);
  });

  it.each([
    ['nothing', '', 'there is no FROM'],
    ['a word that is no instruction', 'FROM a:1\nINSTALL x', '"INSTALL" is no instruction'],
    ['an instruction before FROM', 'RUN x\nFROM a:1', 'RUN stands before the first FROM'],
    ['a here-document without an end', 'FROM a:1\nRUN <<EOF\nx', 'the here-document EOF has no end'],
    ['a FROM that goes on', 'FROM a:1 as', 'FROM has the form FROM image [AS name]'],
    ['a flood', 'RUN x\n'.repeat(20_000), 'the Dockerfile is too long'],
  ])('has a problem when it is %s', (_what, text, message) => {
    expect(parseDockerfile(text).problems.map((problem) => problem.message)).toContain(message);
  });

  it('is read in no time whatever is in it', () => {
    const hostile = [
      `FROM a\nENV ${'A='.repeat(20_000)}`,
      `FROM a\nENV A="${'\\"'.repeat(20_000)}`,
      'RUN \\\n'.repeat(9_000),
      `FROM a\nRUN ${'<<'.repeat(30_000)}`,
    ];
    for (const text of hostile) parseDockerfile(text).instructions.forEach(variablesOf);
  });
});
