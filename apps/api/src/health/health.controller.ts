import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
  TypeOrmHealthIndicator,
} from '@nestjs/terminus';
import { Public } from '../auth/permission.decorator';
import { GradingQueues } from '../grading/grading-queues';
import { Problem } from '../http/problem';

@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly indicator: HealthIndicatorService,
    private readonly queues: GradingQueues,
  ) {}

  /** The process runs. */
  @Get('live')
  @Public('asked by the supervisor')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The process can serve: it reaches what it needs. */
  @Get('ready')
  @HealthCheck()
  @Public('asked by the load balancer')
  async ready(): Promise<HealthCheckResult> {
    try {
      return await this.health.check([() => this.database.pingCheck('database', { timeout: 1500 }), () => this.queue()]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const { error: down = {} } = error.getResponse() as HealthCheckResult;
      throw new Problem('unavailable', `Cannot be reached: ${Object.keys(down).join(', ')}. Look at the log for the cause.`);
    }
  }

  private async queue(): Promise<HealthIndicatorResult> {
    const indicator = this.indicator.check('queue');
    try {
      await this.queues.ping();
      return indicator.up();
    } catch {
      return indicator.down('the queue store does not answer');
    }
  }
}
