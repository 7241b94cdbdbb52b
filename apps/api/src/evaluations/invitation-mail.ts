import type { Evaluation } from './evaluation.entity';

/** The mail that invites a candidate: what it is, how long it takes, what to do, and that it is theirs alone. */
export function invitationMail(
  name: string,
  evaluation: Pick<Evaluation, 'role' | 'timeBoxMinutes' | 'closesAt'>,
  inviteUrl: string,
  expiresAt: Date,
): { subject: string; text: string } {
  const closes = evaluation.closesAt ? `Hand it in before ${evaluation.closesAt.toUTCString()}.\n` : '';
  return {
    subject: `Your take-home task for the role ${evaluation.role}`,
    text: `Hello ${name},

you are invited to a take-home task for the role ${evaluation.role}.

Open this link to begin. It is meant for you alone; please do not pass it on:

${inviteUrl}

You have ${evaluation.timeBoxMinutes} minutes from the moment you start, not from now, so start when it suits you.
${closes}The link works until ${expiresAt.toUTCString()}; you can come back to it as often as you like.

A fault of our machines never counts against you. If anything does not work, answer this mail.
`,
  };
}
