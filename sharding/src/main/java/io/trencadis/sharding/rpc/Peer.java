package io.trencadis.sharding.rpc;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Another node, as this one sends to it by one lane. What is sent while a connection is being made
/// waits for it; it is lost if that fails.
final class Peer {
  private static final System.Logger LOG = System.getLogger(Peer.class.getName());

  private final NodeRpc rpc;
  private final int node;
  private final Lane lane;
  private final AtomicLong calls = new AtomicLong();
  private final Map<Long, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger pending = new AtomicInteger();
  private volatile Channel channel;

  // Guarded by this object's monitor.
  private boolean connecting;
  private boolean tried;
  private long lastTry;
  private String lastTold;
  private boolean lost;
  private volatile Channel ended;
  private final List<Frame> queue = new ArrayList<>();

  Peer(NodeRpc rpc, int node, Lane lane) {
    this.rpc = rpc;
    this.node = node;
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }

  private String name() {
    return rpc.name(node);
  }

  boolean isConnected() {
    if (channel != null) {
      return true;
    }
    connectIfDue();
    return false;
  }

  private void connectIfDue() {
    synchronized (this) {
      long now = rpc.clock().nanoTime();
      boolean resting = tried && now - lastTry < NodeRpc.retryNanos();
      if (connecting || resting || channel != null || rpc.isCut(node)) {
        return;
      }
      connecting = true;
      tried = true;
      lastTry = now;
    }
    rpc.connect(this, node);
  }

  /// @return false if it is lost
  boolean send(Frame frame) {
    if (rpc.isCut(node) || pending.get() > NodeRpc.mostPending()) {
      return false;
    }
    Channel open = channel;
    if (open == null) {
      connectIfDue();
      synchronized (this) {
        open = channel;
        if (open == null) {
          if (connecting) {
            queue.add(frame);
            pending.addAndGet(frame.bytes());
          }
          return connecting;
        }
      }
    }
    write(open, frame);
    return true;
  }

  private void write(Channel open, Frame frame) {
    int bytes = frame.bytes();
    rpc.counters().sent(frame);
    pending.addAndGet(bytes);
    open.writeAndFlush(frame).addListener(_ -> pending.addAndGet(-bytes));
  }

  CompletableFuture<byte[]> call(Service service, byte[] body, long millis) {
    long number = calls.incrementAndGet();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    if (!send(new Frame(Frame.Kind.CALL, service, number, body))) {
      waiting.remove(number);
      answer.completeExceptionally(new RpcException(name() + " is not reachable", false));
      return answer;
    }
    var deadline =
        rpc.loops(lane)
            .schedule(
                () -> {
                  if (waiting.remove(number) != null) {
                    answer.completeExceptionally(
                        new RpcException(
                            name() + " did not answer within " + millis + " ms", true));
                  }
                },
                millis,
                TimeUnit.MILLISECONDS);
    answer.whenComplete((_, _) -> deadline.cancel(false));
    return answer;
  }

  void answered(Frame frame) {
    if (rpc.isCut(node)) {
      // Not heard. Whoever waits for it learns from the end of the connection, or of its time.
      return;
    }
    CompletableFuture<byte[]> answer = waiting.remove(frame.call());
    if (answer != null) {
      answer.complete(frame.body());
    }
  }

  void connected(Channel open) {
    List<Frame> waited;
    boolean again;
    synchronized (this) {
      again = lost;
      lost = false;
      connecting = false;
      lastTold = null;
      waited = List.copyOf(queue);
      queue.clear();
      // Under the monitor, so that nobody overtakes what has waited.
      for (Frame frame : waited) {
        pending.addAndGet(-frame.bytes());
        write(open, frame);
      }
      channel = open;
    }
    if (again && lane == Lane.REST) {
      LOG.log(System.Logger.Level.WARNING, name() + " is reachable again");
    }
  }

  void failed(String why) {
    synchronized (this) {
      connecting = false;
      queue.forEach(frame -> pending.addAndGet(-frame.bytes()));
      queue.clear();
    }
    LOG.log(System.Logger.Level.DEBUG, "no connection to " + name() + ": " + why);
    failCalls(name() + " is not reachable: " + why);
  }

  /// The other node does not want to talk to this one.
  void refused(String why) {
    boolean told;
    synchronized (this) {
      told = why.equals(lastTold);
      lastTold = why;
    }
    if (!told && lane == Lane.REST) {
      LOG.log(System.Logger.Level.WARNING, name() + " refuses this one: " + why);
    }
    failed(why);
  }

  /// What it was refused with since it was connected last; null for nothing.
  synchronized String refusal() {
    return lastTold;
  }

  private void failCalls(String why) {
    for (Long number : List.copyOf(waiting.keySet())) {
      CompletableFuture<byte[]> answer = waiting.remove(number);
      if (answer != null) {
        answer.completeExceptionally(new RpcException(why, false));
      }
    }
  }

  void disconnected(Channel closed, String why) {
    boolean mine;
    synchronized (this) {
      mine = channel == closed || (channel == null && connecting);
      if (mine) {
        channel = null;
        connecting = false;
      }
    }
    if (mine) {
      failed(why);
    }
  }

  /// A connection that stood has broken.
  void lost(Channel closed) {
    boolean mine;
    synchronized (this) {
      // A place is only asked who is there.
      mine = channel == closed && ended != closed && node > NodeRpc.NOBODY;
      lost |= mine;
    }
    if (mine && lane == Lane.REST) {
      LOG.log(System.Logger.Level.WARNING, "the connection to " + name() + " broke");
    }
  }

  void disconnect() {
    Channel open = channel;
    if (open != null) {
      ended = open;
      open.close();
    }
  }
}
