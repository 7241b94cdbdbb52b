import { PasswordService } from './password.service';

describe('PasswordService', () => {
  const passwords = new PasswordService();

  it('matches the password that was hashed and no other', async () => {
    const hash = await passwords.hash('correct horse battery staple');
    expect(await passwords.matches('correct horse battery staple', hash)).toBe(true);
    expect(await passwords.matches('correct horse battery staples', hash)).toBe(false);
    expect(await passwords.hash('correct horse battery staple')).not.toBe(hash);
  });

  it('matches nothing without a hash, not even the password behind the decoy', async () => {
    expect(await passwords.matches('anything', null)).toBe(false);
    expect(await passwords.matches('no such member', null)).toBe(false);
  });
});
