import type { ProductionSettings } from '../production-settings';
import { judgeDataAndDeployment } from './data-and-deployment';
import { judgeDebug, judgeSecretKey } from './debug-and-secrets';
import type { RawFinding } from './rule';
import { SETTING_RULES } from './setting-finding';
import { judgeWebSecurity } from './web-security';

export interface Surroundings {
  /** A proxy that may redirect to HTTPS and send headers is configured in the project. */
  readonly hasProxy: boolean;
  /** Dotted names that the project's code imports. */
  readonly imports: ReadonlySet<string>;
}

/** All rules about the settings of production; none where only settings for development are there. */
export function judgeSettings(settings: ProductionSettings, { hasProxy, imports }: Surroundings): RawFinding[] {
  const { certainty } = settings;
  if (certainty === null) return [];
  const found = [
    ...judgeDebug(settings),
    ...judgeSecretKey(settings),
    ...judgeWebSecurity(settings, hasProxy),
    ...judgeDataAndDeployment(settings, imports),
  ];
  return found.map((finding) => ({
    ...SETTING_RULES[finding.rule],
    ...finding,
    confidence: finding.confidence === 'high' ? certainty : finding.confidence,
  }));
}
