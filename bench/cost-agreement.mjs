const FIGURES = ['cost', 'delivery'];
const PERCENTILES = ['p10', 'p50', 'p90'];
/** Half the width of a 95% interval in standard errors. */
const TWO_SIDED = 1.96;
/** Beyond this the two have not simulated the same model; by chance it is seen once in millions of runs. */
const MOST = 6;

/**
 * By how many standard errors the percentiles of two independent simulations differ.
 * @returns `{ compared, largest }`
 * @throws when they differ by more than chance can explain, so that a ratio of times is never that of two different models
 */
export function compareSimulations(first, second) {
  const differences = first.models.flatMap(({ model, ...own }, index) =>
    FIGURES.flatMap((figure) =>
      PERCENTILES.map((name) => {
        const [a, b] = [own[figure][name], second.models[index][figure][name]];
        const error = Math.hypot(a.high - a.low, b.high - b.low) / (2 * TWO_SIDED);
        return { what: `${model} ${figure} ${name}`, errors: Math.abs(a.value - b.value) / error };
      }),
    ),
  );
  const worst = differences.reduce((most, each) => (each.errors > most.errors ? each : most));
  if (!(worst.errors <= MOST))
    throw new Error(`The product and numpy do not simulate the same: ${worst.what} differs by ${worst.errors} standard errors.`);
  return { compared: differences.length, largest: worst.errors };
}
