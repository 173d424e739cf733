/** Opens an address where the person sits at this machine: not over SSH, and on Linux only where there is a display. */
export async function openBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const isRemote = Boolean(env.SSH_CONNECTION || env.SSH_TTY);
  const hasDisplay = platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
  if (isRemote || !hasDisplay) return false;
  const { default: open } = await import('open');
  try {
    const child = await open(url);
    // The address is on the screen too, so a browser that does not come up is no fault.
    child.on('error', () => {});
    return true;
  } catch {
    return false;
  }
}
