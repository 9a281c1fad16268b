package replklab.tracking;

import java.net.URI;
import java.util.Map;

/**
 * A server that is told nothing from here: somebody else tells it later.
 *
 * @param identity of the server that will be told
 */
record AbsentEndpoint(String identity) implements Endpoint {
    /** As a tracker of this environment would know it. */
    static AbsentEndpoint of(Map<String, String> environment) {
        String address = environment.getOrDefault(TrackingAddress.VARIABLE, "").strip();
        return new AbsentEndpoint(
                address.isEmpty()
                        ? EmbeddedEndpoint.IDENTITY
                        : TrackingAddress.of(address).uri().toString());
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1");
    }

    @Override
    public void revive() {
        // Nobody is asked.
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
