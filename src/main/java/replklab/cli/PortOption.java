package replklab.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import replklab.base.LabException;
import replklab.base.UsageException;

/** Where a page is to be. */
final class PortOption {
    private static final int LARGEST = 65535;

    @Option(
            names = "--port",
            paramLabel = "N",
            description =
                    "The page's port on 127.0.0.1, 1 to 65535: this one and no other. Without it, the usual one, or a free"
                            + " one where that is taken.")
    private Integer port;

    /** The wished one. */
    OptionalInt port() {
        if (port == null) {
            return OptionalInt.empty();
        }
        if (port < 1 || port > LARGEST) {
            throw new UsageException("--port is " + port + "; it must be 1 to " + LARGEST);
        }
        return OptionalInt.of(port);
    }

    /** The wished one, where nobody else listens. */
    OptionalInt freePort() {
        OptionalInt wished = port();
        if (wished.isPresent()) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wished.getAsInt()));
            } catch (IOException e) {
                throw new LabException("port " + port + " of 127.0.0.1 cannot be used: " + e.getMessage(), e);
            }
        }
        return wished;
    }
}
