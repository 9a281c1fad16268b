package replklab.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A proxy on 127.0.0.1 before a real MLflow server, that does to each request what a script says. One request a connection, so that
 * what happens to one does not touch another.
 */
final class FaultProxy implements AutoCloseable {
    private static final int LARGEST_HEAD = 1 << 16;

    /** What a client asks; the number counts from 1. */
    record Request(int number, String method, String path) {
        /** Whether it is to such an endpoint; what it asks there, such as the name of an experiment, does not count. */
        boolean to(String part) {
            return path.replaceFirst("[?].*", "").contains(part);
        }
    }

    /** Says what happens to a request. Called from several threads, one at a time. */
    interface Script {
        Fault fault(Request request);
    }

    /** What is done to a request. */
    sealed interface Fault {
        /** It reaches the server, and the answer the client. */
        record None() implements Fault {}

        /** An answer that is not the server's. */
        record Answer(int status, String headers, String body) implements Fault {}

        /** Bytes that are no HTTP. */
        record Garbage() implements Fault {}

        /** No answer, as long as the proxy lives or until {@link FaultProxy#release}. */
        record Hang() implements Fault {}

        /** It reaches the server late. */
        record Slow(long millis) implements Fault {}

        /** The connection is reset. */
        record Reset() implements Fault {}

        /** It reaches the server; the connection is reset instead of an answer. */
        record LostAnswer() implements Fault {}

        /** It reaches the server; half of the answer comes back. */
        record HalfAnswer() implements Fault {}
    }

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> seen = new ArrayList<>();
    private volatile CountDownLatch held = new CountDownLatch(1);
    private Script script = request -> new Fault.None();
    private int requests;
    private int faults;

    /** @param target port of the server on 127.0.0.1 */
    FaultProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("fault-proxy").start(this::accept);
    }

    String uri() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** What is done from now on. */
    synchronized void script(Script next) {
        script = next;
        faults = 0;
    }

    /** Requests that something was done to since the script began. */
    synchronized int faults() {
        return faults;
    }

    /** The last requests with what was done to them. */
    synchronized String log() {
        return String.join("\n", seen.subList(Math.max(0, seen.size() - 60), seen.size()));
    }

    /** What hangs is reset, and so is what is going to. */
    void release() {
        held.countDown();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private synchronized Fault decide(String method, String path) {
        Request request = new Request(++requests, method, path);
        Fault fault = script.fault(request);
        faults += fault instanceof Fault.None ? 0 : 1;
        seen.add(request.number() + " " + method + " " + path.replaceAll("\\?.*", "") + " "
                + fault.getClass().getSimpleName());
        return fault;
    }

    private void serve(Socket client) {
        try (client) {
            byte[] head = head(client.getInputStream());
            if (head.length == 0) {
                return; // a connection that was opened and not used
            }
            String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r\n");
            byte[] body = body(client.getInputStream(), lines);
            String[] first = lines[0].split(" ");
            answer(client, decide(first[0], first[1]), request(lines, body.length), body);
        } catch (IOException e) {
            // The client has gone, or the server has: the client finds out.
            reset(client);
        } finally {
            open.remove(client);
        }
    }

    private void answer(Socket client, Fault fault, byte[] head, byte[] body) throws IOException {
        switch (fault) {
            case Fault.None _ -> client.getOutputStream().write(forwarded(head, body));
            case Fault.Answer answer -> client.getOutputStream().write(bytes(answer));
            case Fault.Garbage _ ->
                client.getOutputStream()
                        .write("\0\1\2 this is no HTTP \377\376\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            case Fault.Hang _ -> {
                await();
                reset(client);
            }
            case Fault.Slow slow -> {
                Processes.pause(slow.millis());
                client.getOutputStream().write(forwarded(head, body));
            }
            case Fault.Reset _ -> reset(client);
            case Fault.LostAnswer _ -> {
                forwarded(head, body);
                reset(client);
            }
            case Fault.HalfAnswer _ -> {
                byte[] whole = forwarded(head, body);
                client.getOutputStream().write(whole, 0, whole.length - Math.max(1, whole.length / 8));
            }
        }
        client.getOutputStream().flush();
    }

    private void await() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server's whole answer. */
    private byte[] forwarded(byte[] head, byte[] body) throws IOException {
        try (Socket server = new Socket()) {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
            OutputStream out = server.getOutputStream();
            out.write(head);
            out.write(body);
            out.flush();
            byte[] answer = server.getInputStream().readAllBytes();
            if (answer.length == 0) {
                throw new IOException("the server said nothing");
            }
            return answer;
        }
    }

    private static byte[] bytes(Fault.Answer answer) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + answer.status() + " Fault\r\nConnection: close\r\nContent-Length: " + body.length
                + "\r\n" + answer.headers() + "\r\n";
        byte[] first = head.getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[first.length + body.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(body, 0, whole, first.length, body.length);
        return whole;
    }

    /** The request's head for the server, which is to close the connection after its answer. */
    private byte[] request(String[] lines, int length) {
        StringBuilder head = new StringBuilder(lines[0]).append("\r\n");
        for (int i = 1; i < lines.length; i++) {
            String name =
                    lines[i].substring(0, Math.max(0, lines[i].indexOf(':'))).toLowerCase(Locale.ROOT);
            if (!Set.of(
                            "connection",
                            "upgrade",
                            "http2-settings",
                            "host",
                            "transfer-encoding",
                            "content-length",
                            "expect")
                    .contains(name)) {
                head.append(lines[i]).append("\r\n");
            }
        }
        head.append("Host: 127.0.0.1:").append(target).append("\r\nConnection: close\r\n");
        head.append("Content-Length: ").append(length).append("\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int next = in.read();
            if (next < 0) {
                return new byte[0];
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
            if (head.size() > LARGEST_HEAD) {
                throw new IOException("no HTTP");
            }
        }
        return head.toByteArray();
    }

    private static byte[] body(InputStream in, String[] lines) throws IOException {
        for (String line : lines) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                return in.readNBytes(Integer.parseInt(lower.substring(15).strip()));
            }
            if (lower.startsWith("transfer-encoding:")) {
                return chunks(in);
            }
        }
        return new byte[0];
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size;
        do {
            size = Integer.parseInt(line(in).strip(), 16);
            body.write(in.readNBytes(size));
            line(in);
        } while (size > 0);
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = in.read();
        }
        return line.toString();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // So much the better.
            return;
        }
    }

    @Override
    public void close() {
        try {
            release();
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
