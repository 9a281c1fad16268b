package replklab.tracking;

import java.net.URI;

/** The embedded server, as one machine of many knows it that must not start it: somebody else tells it what is logged here. */
record AbsentEndpoint() implements Endpoint {
    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1");
    }

    @Override
    public String identity() {
        return EmbeddedEndpoint.IDENTITY;
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
