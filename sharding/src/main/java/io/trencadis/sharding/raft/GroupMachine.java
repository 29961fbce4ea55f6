package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Hands what JRaft tells its state machine to a [ReplicatedMachine].
final class GroupMachine extends StateMachineAdapter {
  private final ReplicatedMachine machine;
  private volatile long term;
  private volatile long applied;

  GroupMachine(ReplicatedMachine machine) {
    this.machine = machine;
  }

  /// In which this node leads; 0 if it does not.
  long term() {
    return term;
  }

  long applied() {
    return applied;
  }

  @Override
  public void onApply(Iterator entries) {
    while (entries.hasNext()) {
      ByteBuffer data = entries.getData();
      byte[] record = new byte[data.remaining()];
      data.duplicate().get(record);
      machine.apply(entries.getIndex(), record);
      applied = entries.getIndex();
      Closure done = entries.done();
      if (done != null) {
        done.run(Status.OK());
      }
      entries.next();
    }
  }

  @Override
  public void onLeaderStart(long begun) {
    machine.lead(begun);
    term = begun;
  }

  @Override
  public void onLeaderStop(Status why) {
    term = 0;
    machine.follow();
  }

  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    Path directory = Path.of(writer.getPath());
    machine.save(
        directory,
        failure -> {
          try {
            if (failure != null) {
              throw failure;
            }
            for (String name : files(directory)) {
              writer.addFile(name);
            }
            machine.copied().forEach(writer::addFile);
            done.run(Status.OK());
          } catch (IOException | UncheckedIOException e) {
            done.run(new Status(RaftError.EIO, "%s", String.valueOf(e.getMessage())));
          }
        });
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public boolean onSnapshotLoad(SnapshotReader reader) {
    try {
      machine.load(Path.of(reader.getPath()), reader.load().getLastIncludedIndex());
      return true;
    } catch (IOException e) {
      machine.failed(e);
      return false;
    }
  }

  @Override
  public void onError(RaftException failure) {
    machine.failed(failure);
  }
}
