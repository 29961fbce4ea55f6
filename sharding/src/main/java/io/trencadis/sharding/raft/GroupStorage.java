package io.trencadis.sharding.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.codec.LogEntryDecoder;
import com.alipay.sofa.jraft.entity.codec.LogEntryEncoder;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One group's part of [RaftEntries], as JRaft wants to have it. A log that cannot be written ends
/// the node: nobody knows what of it is on disk.
final class GroupStorage implements LogStorage {
  private final int group;
  private final RaftEntries entries;
  private final Consumer<Throwable> onFailure;
  private LogEntryEncoder encoder;
  private LogEntryDecoder decoder;

  GroupStorage(int group, RaftEntries entries, Consumer<Throwable> onFailure) {
    this.group = group;
    this.entries = entries;
    this.onFailure = onFailure;
  }

  @Override
  public boolean init(LogStorageOptions options) {
    encoder = options.getLogEntryCodecFactory().encoder();
    decoder = options.getLogEntryCodecFactory().decoder();
    ConfigurationManager members = options.getConfigurationManager();
    for (long index = getFirstLogIndex(); index <= getLastLogIndex(); index++) {
      LogEntry entry = getEntry(index);
      if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
        ConfigurationEntry known = new ConfigurationEntry();
        known.setId(entry.getId());
        known.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
        if (entry.getOldPeers() != null) {
          known.setOldConf(new Configuration(entry.getOldPeers(), entry.getOldLearners()));
        }
        members.add(known);
      }
    }
    return true;
  }

  @Override
  public void shutdown() {
    // The write-ahead log is the node's.
  }

  @Override
  public long getFirstLogIndex() {
    return entries.first(group);
  }

  @Override
  public long getLastLogIndex() {
    return entries.last(group);
  }

  @Override
  public LogEntry getEntry(long index) {
    byte[] encoded = entries.get(group, index);
    return encoded == null ? null : decoder.decode(encoded);
  }

  @Override
  @Deprecated
  public long getTerm(long index) {
    LogEntry entry = getEntry(index);
    return entry == null ? 0 : entry.getId().getTerm();
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    return appendEntries(List.of(entry)) == 1;
  }

  @Override
  public int appendEntries(List<LogEntry> batch) {
    if (batch.isEmpty()) {
      return 0;
    }
    List<byte[]> encoded = new ArrayList<>(batch.size());
    for (LogEntry entry : batch) {
      encoded.add(encoder.encode(entry));
    }
    long from = batch.getFirst().getId().getIndex();
    return run(() -> entries.append(group, from, encoded)) ? batch.size() : 0;
  }

  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    return run(() -> entries.truncatePrefix(group, firstIndexKept));
  }

  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    return run(() -> entries.truncateSuffix(group, lastIndexKept));
  }

  @Override
  public boolean reset(long nextLogIndex) {
    return run(() -> entries.reset(group, nextLogIndex));
  }

  private interface Write {
    void run() throws IOException;
  }

  private boolean run(Write write) {
    try {
      write.run();
      return true;
    } catch (IOException failed) {
      onFailure.accept(failed);
      return false;
    }
  }
}
