package io.trencadis.txn.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges a history for strict serializability, after Adya (*Weak Consistency*, 1999): the
/// committed transactions are nodes, and whoever must come before another has an edge to it,
/// - *ww*: it wrote the version before the other's
/// - *wr*: the other read its version
/// - *rw*: it read the version before the one the other wrote, a row's absence included
/// - *rt*: it ended before the other began, in real time
///
/// A circle is a violation, told in words. So is a read of something aborted, overwritten by its
/// own writer, or never written.
public final class HistoryChecker {
  private record Edge(int from, int to, String why) {}

  private final History history;
  private final List<History.Txn> committed = new ArrayList<>();
  private final Map<Long, Integer> nodeOf = new HashMap<>();
  private final List<List<Edge>> edges = new ArrayList<>();

  private HistoryChecker(History history) {
    this.history = history;
  }

  /// @return what is wrong, or null if nothing is
  public static String judge(History history) {
    HistoryChecker checker = new HistoryChecker(history);
    String fault = checker.collect();
    return fault != null ? fault : checker.findCircle();
  }

  private String collect() {
    Set<Long> aborted = new HashSet<>();
    for (History.Txn txn : history.txns) {
      if (txn.committed) {
        nodeOf.put(txn.id, committed.size());
        committed.add(txn);
        edges.add(new ArrayList<>());
      } else {
        aborted.add(txn.id);
      }
    }
    for (var entry : history.versions.entrySet()) {
      List<Long> writers = entry.getValue();
      for (int i = 0; i < writers.size(); i++) {
        if (aborted.contains(writers.get(i))) {
          return "G1a: T"
              + writers.get(i)
              + " aborted, and yet there is its version of "
              + entry.getKey();
        }
        if (i > 0) {
          edge(writers.get(i - 1), writers.get(i), "wrote %s before", entry.getKey());
        }
      }
    }
    for (History.Txn txn : committed) {
      for (String key : txn.writes) {
        if (!history.versions.getOrDefault(key, List.of()).contains(txn.id)) {
          return "lost write: T"
              + txn.id
              + " committed, and there is no version of "
              + key
              + " by it";
        }
      }
      for (History.Read read : txn.reads) {
        String fault = read(txn, read.key(), read.writer(), aborted);
        if (fault != null) {
          return fault;
        }
      }
      for (History.RangeRead range : txn.ranges) {
        for (String key : history.versions.keySet()) {
          if (range.range().test(key) && !range.seen().contains(key)) {
            read(txn, key, History.NOBODY, aborted);
          }
        }
      }
    }
    realTime();
    return null;
  }

  private String read(History.Txn txn, String key, long writer, Set<Long> aborted) {
    List<Long> writers = history.versions.getOrDefault(key, List.of());
    int at = -1;
    if (writer != History.NOBODY) {
      if (aborted.contains(writer)) {
        return "G1a: T" + txn.id + " read " + key + " as T" + writer + " wrote it, which aborted";
      }
      at = writers.indexOf(writer);
      if (at < 0) {
        return "T"
            + txn.id
            + " read a version of "
            + key
            + " by T"
            + writer
            + " that nobody else knows";
      }
      edge(writer, txn.id, "wrote the %s that was read by", key);
    } else if (writers.stream().anyMatch(w -> history.isDeletion(key, w))) {
      // No row: before the first version or after one of the deletions. Which, cannot be told.
      return null;
    }
    if (at + 1 < writers.size()) {
      edge(txn.id, writers.get(at + 1), "read %s before it was overwritten by", key);
    }
    return null;
  }

  private void edge(long from, long to, String why, String key) {
    Integer fromNode = nodeOf.get(from);
    Integer toNode = nodeOf.get(to);
    if (fromNode != null && toNode != null && !fromNode.equals(toNode)) {
      edges.get(fromNode).add(new Edge(fromNode, toNode, why.formatted(key)));
    }
  }

  private void realTime() {
    List<History.Txn> byBegin = new ArrayList<>(committed);
    byBegin.sort(Comparator.comparingLong(txn -> txn.begin));
    for (History.Txn txn : committed) {
      int low = 0;
      int high = byBegin.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (byBegin.get(middle).begin > txn.end) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      // Who begins after the end of one of these follows from it.
      long firstEnd = Long.MAX_VALUE;
      for (int i = low; i < byBegin.size() && byBegin.get(i).begin <= firstEnd; i++) {
        int from = nodeOf.get(txn.id);
        edges
            .get(from)
            .add(new Edge(from, nodeOf.get(byBegin.get(i).id), "had ended before the begin of"));
        firstEnd = Math.min(firstEnd, byBegin.get(i).end);
      }
    }
  }

  private String findCircle() {
    // Kahn: what cannot be sorted away lies on or behind a circle.
    int[] incoming = new int[committed.size()];
    edges.forEach(list -> list.forEach(edge -> incoming[edge.to]++));
    Deque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < incoming.length; i++) {
      if (incoming[i] == 0) {
        free.add(i);
      }
    }
    int sorted = 0;
    while (!free.isEmpty()) {
      sorted++;
      for (Edge edge : edges.get(free.poll())) {
        if (--incoming[edge.to] == 0) {
          free.add(edge.to);
        }
      }
    }
    if (sorted == committed.size()) {
      return null;
    }
    List<Edge> shortest = null;
    for (int start = 0; start < incoming.length; start++) {
      if (incoming[start] > 0) {
        List<Edge> circle = circleThrough(start);
        if (circle != null && (shortest == null || circle.size() < shortest.size())) {
          shortest = circle;
        }
      }
    }
    StringBuilder words = new StringBuilder("not strictly serializable: ");
    for (Edge edge : shortest) {
      words
          .append('T')
          .append(committed.get(edge.from).id)
          .append(' ')
          .append(edge.why)
          .append(' ');
    }
    return words.append('T').append(committed.get(shortest.getFirst().from).id).toString();
  }

  /// Breadth first, so that it is as short as can be.
  private List<Edge> circleThrough(int start) {
    Edge[] cameBy = new Edge[committed.size()];
    Deque<Integer> queue = new ArrayDeque<>(List.of(start));
    while (!queue.isEmpty()) {
      int at = queue.poll();
      for (Edge edge : edges.get(at)) {
        if (edge.to == start) {
          List<Edge> circle = new ArrayList<>(List.of(edge));
          for (Edge back = cameBy[at]; back != null; back = cameBy[back.from]) {
            circle.addFirst(back);
          }
          return circle;
        }
        if (cameBy[edge.to] == null) {
          cameBy[edge.to] = edge;
          queue.add(edge.to);
        }
      }
    }
    return null;
  }
}
