// Loaded before a command by whoever starts it with a channel: when the channel closes, its parent
// is gone, however that came about, and the command ends as if it had been told to.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
