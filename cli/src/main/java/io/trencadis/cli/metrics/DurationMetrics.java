package io.trencadis.cli.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.trencadis.base.Durations;
import java.util.Map;

/// [Durations] as a Prometheus histogram, which Micrometer cannot make out of counts that others
/// keep.
///
/// @param name without its unit, which is seconds
/// @param durations by labels
record DurationMetrics(String name, String help, Map<Labels, Durations> durations)
    implements Collector {
  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder snapshot =
        HistogramSnapshot.builder().name(name + "_seconds").help(help).unit(Unit.SECONDS);
    double[] bounds = Durations.boundsSeconds();
    durations.forEach(
        (labels, each) -> {
          long[] counts = each.counts();
          ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
          for (int i = 0; i < bounds.length; i++) {
            buckets.bucket(bounds[i], counts[i]);
          }
          snapshot.dataPoint(
              HistogramSnapshot.HistogramDataPointSnapshot.builder()
                  .labels(labels)
                  .classicHistogramBuckets(buckets.build())
                  .sum(each.totalSeconds())
                  .build());
        });
    return snapshot.build();
  }

  @Override
  public String getPrometheusName() {
    return name + "_seconds";
  }
}
