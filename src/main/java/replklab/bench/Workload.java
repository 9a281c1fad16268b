package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** How one of our own implementations, or ND4J's, computes a case within a {@link PeerServer}. */
interface Workload {
    /** Its version; empty for our own. */
    String version();

    /**
     * Makes inputs, weights and outputs of a case.
     *
     * @param what the case
     * @param told what the process was told of it, which may be more
     * @throws LeftOutException if it cannot take part
     */
    Prepared prepare(BenchCase what, JsonNode told);

    /** A case that is ready to run. */
    interface Prepared {
        /** Computes it once. */
        void run();

        /** How it is computed; may be empty. */
        default String plan() {
            return "";
        }

        /** Milliseconds by kind of layer; empty where there is only one. */
        default Map<String, Double> layers() {
            return Map.of();
        }
    }
}
