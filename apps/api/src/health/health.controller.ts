import { Controller, Get } from '@nestjs/common';
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
  ready(): Promise<HealthCheckResult> {
    return this.health.check([() => this.database.pingCheck('database', { timeout: 1500 }), () => this.queue()]);
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
