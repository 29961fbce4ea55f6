package io.trencadis.wire.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Brings a connection's bytes to its socket in order, from the event loop or from the session's
/// thread, and makes the thread wait while the client does not read.
///
/// What the thread sends goes through a queue of ours and not Netty's task queue, because the event
/// loop has to be able to put everything sent before in front of what it writes itself.
final class ChannelWriter {
  private static final int QUEUE_LIMIT_BYTES = 128 * 1024;
  private static final int LINGER_MILLIS = 1_000;
  private static final int LAST_WRITE_MILLIS = 5_000;

  private final Channel channel;
  private final Runnable drain = this::drain;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
  private int queuedBytes;
  private boolean drainScheduled;
  private boolean closed;
  private SqlException stopped;

  ChannelWriter(Channel channel) {
    this.channel = channel;
  }

  /// A copy of bytes in a buffer that can be sent.
  ByteBuf copy(byte[] bytes, int length) {
    return channel.alloc().ioBuffer(length).writeBytes(bytes, 0, length);
  }

  /// Event loop: sends now.
  void sendFromLoop(ByteBuf bytes) {
    drainQueue();
    channel.writeAndFlush(bytes, channel.voidPromise());
  }

  /// Thread: sends soon; waits first while too much is under way.
  ///
  /// @throws SqlException FATAL 08006 if the client is gone, or why the session is to stop if there
  ///   is no room
  void sendFromThread(ByteBuf bytes) {
    boolean schedule;
    lock.lock();
    try {
      while (!closed && stopped == null && !hasRoom()) {
        changed.awaitUninterruptibly();
      }
      if (closed || !hasRoom()) {
        bytes.release();
        throw closed ? connectionLost() : stopped;
      }
      schedule = enqueue(bytes);
    } finally {
      lock.unlock();
    }
    if (schedule) {
      scheduleDrain();
    }
  }

  private boolean hasRoom() {
    return queuedBytes < QUEUE_LIMIT_BYTES && channel.isWritable();
  }

  /// Thread: sends the last words, without waiting for room.
  void sendLast(ByteBuf bytes) {
    boolean schedule = false;
    lock.lock();
    try {
      if (closed) {
        bytes.release();
      } else {
        schedule = enqueue(bytes);
      }
    } finally {
      lock.unlock();
    }
    if (schedule) {
      scheduleDrain();
    }
  }

  static SqlException connectionLost() {
    return new SqlException(SqlState.CONNECTION_FAILURE, "connection to client lost").asFatal();
  }

  private boolean enqueue(ByteBuf bytes) {
    queue.add(bytes);
    queuedBytes += bytes.readableBytes();
    boolean schedule = !drainScheduled;
    drainScheduled = true;
    return schedule;
  }

  private void scheduleDrain() {
    try {
      channel.eventLoop().execute(drain);
    } catch (RejectedExecutionException serverIsGone) {
      closed();
    }
  }

  private void drain() {
    if (drainQueue()) {
      channel.flush();
    }
  }

  private boolean drainQueue() {
    boolean any = false;
    while (true) {
      ByteBuf next;
      lock.lock();
      try {
        next = queue.poll();
        if (next == null) {
          drainScheduled = false;
          if (any) {
            changed.signal();
          }
          return any;
        }
        queuedBytes -= next.readableBytes();
      } finally {
        lock.unlock();
      }
      any = true;
      channel.write(next, channel.voidPromise());
    }
  }

  /// Event loop: the channel has become writable or stopped being so.
  void writabilityChanged() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Any thread: whoever waits for room is to stop.
  void stop(SqlException reason) {
    lock.lock();
    try {
      stopped = reason;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The channel is gone: nobody waits any longer, nothing is kept.
  void closed() {
    lock.lock();
    try {
      closed = true;
      queue.forEach(ByteBuf::release);
      queue.clear();
      queuedBytes = 0;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Any thread: sends what is under way and closes.
  ///
  /// @param linger whether the client may still be sending: closing at once would make the kernel
  ///   reset the connection, and the client lose what it was told
  void finish(boolean linger) {
    try {
      channel.eventLoop().execute(() -> finishOnLoop(linger));
    } catch (RejectedExecutionException serverIsGone) {
      closed();
    }
  }

  private void finishOnLoop(boolean linger) {
    if (!channel.isActive()) {
      return;
    }
    drainQueue();
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            _ -> {
              SslHandler tls = channel.pipeline().get(SslHandler.class);
              if (!linger) {
                channel.close();
              } else if (tls != null) {
                tls.closeOutbound();
                closeAfter(LINGER_MILLIS);
              } else if (channel instanceof DuplexChannel socket) {
                socket.shutdownOutput();
                closeAfter(LINGER_MILLIS);
              }
            });
    closeAfter(LAST_WRITE_MILLIS);
  }

  private void closeAfter(int millis) {
    var timer = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> timer.cancel(false));
  }
}
