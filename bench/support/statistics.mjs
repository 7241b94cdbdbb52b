/** The value at a share (0 to 1) of the sorted samples, interpolated linearly between neighbours; null without samples. */
export function quantile(samples, share) {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (samples) => quantile(samples, 0.5);

/** Median, 90th and 99th percentile and range of samples. */
export function summarise(samples) {
  const [min, max] = [Math.min(...samples), Math.max(...samples)];
  return { median: median(samples), p90: quantile(samples, 0.9), p99: quantile(samples, 0.99), min, max };
}
