package io.trencadis.storage.disk;

import java.lang.reflect.Method;
import java.nio.channels.FileChannel;

/// Channels that an interrupt does not close.
///
/// A statement that is cancelled has its thread interrupted, and that thread may be at work in a
/// file that others use too: rows of a large transaction, or another one's writes in a shard that
/// it has just entered. By the specification of [FileChannel] its file would be closed for all of
/// them. The JDK can do without, but offers that to itself only.
final class Uninterrupted {
  private static final System.Logger LOG = System.getLogger(Uninterrupted.class.getName());
  private static final Method SWITCH = find();

  private Uninterrupted() {}

  private static Method find() {
    try {
      Method found = Class.forName("sun.nio.ch.FileChannelImpl").getMethod("setUninterruptible");
      found.setAccessible(true);
      return found;
    } catch (ReflectiveOperationException | RuntimeException notOpened) {
      LOG.log(
          System.Logger.Level.WARNING,
          "an interrupt may close files: start with"
              + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED ("
              + notOpened
              + ")");
      return null;
    }
  }

  /// @return the same
  static FileChannel of(FileChannel channel) {
    if (SWITCH != null) {
      try {
        SWITCH.invoke(channel);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a channel of another kind: " + channel.getClass(), e);
      }
    }
    return channel;
  }
}
