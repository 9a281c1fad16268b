package replklab.bench;

import java.util.Map;
import java.util.SequencedMap;

/** One thing that every implementation computes. */
public sealed interface BenchCase permits ConvCase, DataCase, LayersCase, ModelCase {
    /** A name for people, unlike every other case's: {@code "4x64x56x56 K=31 forward"}. */
    String label();

    /** What is computed. */
    Pass pass();

    /** What the JSON says of the case, in the promised order. It is also what a peer is told. */
    SequencedMap<String, Object> fields();

    /** The same for a table: few, short columns. */
    SequencedMap<String, String> columns();

    /** What a result's JSON says beside the time. */
    Map<String, Object> rates(double milliseconds, FmaPeak peak);

    /** Images that one call works on. */
    int images();

    /** How many images a second it is at so long a call. */
    default double imagesPerSecond(double milliseconds) {
        return 1000 * images() / milliseconds;
    }

    /** About how much longer than others this case takes, to tell the time left. */
    double weight();
}
