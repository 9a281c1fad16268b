package replklab.tracking;

import java.time.Instant;

/** A value that a metric had at a step. */
public record MetricPoint(long step, Instant time, double value) {}
