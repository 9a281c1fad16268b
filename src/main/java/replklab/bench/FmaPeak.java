package replklab.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import replklab.base.Parallel;

/**
 * The most that this machine can multiply and add with vectors of the preferred length, measured by a loop that does
 * nothing else. One fused multiply-add of one lane counts as two operations.
 *
 * @param oneThread GFLOP/s of one thread
 * @param allThreads GFLOP/s of as many threads as the library uses
 */
public record FmaPeak(double oneThread, double allThreads) {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int STEPS = 400_000;
    private static final int TRIES = 25;

    /** Measures for about half a second; the fastest try counts, since anything else only takes away. */
    public static FmaPeak measure() {
        return new FmaPeak(best(1), best(Parallel.threads()));
    }

    /** The larger of two measurements, for a machine that was busy during one of them. */
    public FmaPeak max(FmaPeak other) {
        return new FmaPeak(Math.max(oneThread, other.oneThread), Math.max(allThreads, other.allThreads));
    }

    private static double best(int threads) {
        float[] sinks = new float[threads * 64]; // a cache line and more apart
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            Parallel.forEach(threads, part -> sinks[part * 64] += chains(STEPS));
            long nanos = System.nanoTime() - start;
            best = Math.max(best, 2.0 * SPECIES.length() * CHAINS * STEPS * threads / nanos);
        }
        if (Float.isNaN(sinks[0])) {
            throw new AssertionError("the sums stay finite");
        }
        return best;
    }

    /** Twelve sums that do not wait for each other: enough to hide the latency of every processor so far. */
    private static float chains(int steps) {
        FloatVector factor = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector term = FloatVector.broadcast(SPECIES, 1);
        FloatVector a = term;
        FloatVector b = factor;
        FloatVector c = term;
        FloatVector d = factor;
        FloatVector e = term;
        FloatVector f = factor;
        FloatVector g = term;
        FloatVector h = factor;
        FloatVector i = term;
        FloatVector j = factor;
        FloatVector k = term;
        FloatVector l = factor;
        for (int step = 0; step < steps; step++) {
            a = a.fma(factor, term);
            b = b.fma(factor, term);
            c = c.fma(factor, term);
            d = d.fma(factor, term);
            e = e.fma(factor, term);
            f = f.fma(factor, term);
            g = g.fma(factor, term);
            h = h.fma(factor, term);
            i = i.fma(factor, term);
            j = j.fma(factor, term);
            k = k.fma(factor, term);
            l = l.fma(factor, term);
        }
        FloatVector sum = a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l);
        return sum.lane(0);
    }
}
