import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RateLimit } from '../../http/rate-limit';
import { Public } from '../permission.decorator';
import { CurrentPrincipal, type MemberPrincipal } from '../principal';
import { LocalGuard } from './local.guard';
import { RefreshTokenDto, SessionDto, SignInDto } from './sessions.dto';
import { SessionsService } from './sessions.service';

@ApiTags('auth')
@Controller('auth')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post('login')
  @HttpCode(200)
  @Public('address and password are the credentials')
  @UseGuards(LocalGuard)
  @RateLimit('sign-in')
  @ApiOperation({ summary: 'Sign in' })
  @ApiBody({ type: SignInDto })
  @ApiOkResponse({ type: SessionDto })
  login(@CurrentPrincipal() member: MemberPrincipal): Promise<SessionDto> {
    return this.sessions.begin(member);
  }

  @Post('refresh')
  @HttpCode(200)
  @Public('the refresh token is the credential')
  @RateLimit('sign-in')
  @ApiOperation({ summary: 'Exchange a refresh token for new tokens' })
  @ApiOkResponse({ type: SessionDto })
  refresh(@Body() body: RefreshTokenDto): Promise<SessionDto> {
    return this.sessions.refresh(body.refreshToken);
  }

  @Post('logout')
  @RateLimit('sign-in')
  @HttpCode(204)
  @Public('the refresh token is the credential')
  @ApiOperation({ summary: 'End the session; the access token ends by itself within minutes' })
  @ApiNoContentResponse()
  logout(@Body() body: RefreshTokenDto): Promise<void> {
    return this.sessions.end(body.refreshToken);
  }
}
