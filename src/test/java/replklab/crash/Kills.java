package replklab.crash;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cases of sudden ends: each kills a program, its server or both at random moments, lets it finish, and checks all records. */
final class Kills {
    /** What is killed. */
    enum Kind {
        PROGRAM("SIGKILL of the program"),
        PROGRAM_EMBEDDED("SIGKILL of the program that started the server"),
        INTERRUPT("SIGINT"),
        INTERRUPT_TWICE("SIGINT, twice"),
        TERMINATE("SIGTERM"),
        SERVER("SIGKILL of the embedded server"),
        REMOTE("SIGKILL of another's server, started again later"),
        FILE("SIGKILL of the program as a file comes, grows or goes"),
        ALL("SIGKILL of program and server at once");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }

        /** Whether the program has a server of its own, rather than the one that is shared by the cases. */
        boolean embedded() {
            return this == PROGRAM_EMBEDDED || this == SERVER || this == ALL;
        }
    }

    private static final int MOST = 3;

    private final MlflowProcess shared;

    /** @param shared server of the cases that have none of their own; null where all have */
    Kills(MlflowProcess shared) {
        this.shared = shared;
    }

    /** One case of a kind, hit up to three times in a row; tells how often something was killed that lived. */
    int hit(Kind kind, int number) throws IOException {
        Story story = new Story("kill-" + number);
        int wanted = 1 + story.random().nextInt(MOST);
        return hit(story, kind.embedded(), Collections.nCopies(wanted, kind));
    }

    /** One case: each program is hit in another way; then one may finish. */
    int hit(Story story, boolean embedded, List<Kind> kinds) throws IOException {
        String experiment = story.name();
        Oracle.reference();
        int hits = 0;
        try (Checkout checkout = Checkout.make(story, experiment)) {
            Map<String, String> environment = embedded ? Map.of() : shared.environment();
            boolean done = false;
            for (int i = 0; i < kinds.size() && !done; i++) {
                LabProcess program = checkout.run(experiment, environment);
                if (kinds.get(i) == Kind.FILE) {
                    waitForFiles(story, checkout, experiment, program, i);
                } else {
                    waitForMoment(story, checkout, experiment, program, i);
                }
                if (program.alive()) {
                    hit(kinds.get(i), story, checkout, program);
                    hits++;
                    Summary.kill(kinds.get(i).toString());
                }
                done = program.await(story) == 0 && !program.errors().contains(Checkout.LATER);
            }
            if (!done) {
                checkout.finish(experiment, environment);
            }
            Store store = embedded ? Store.embedded(checkout.mlruns()) : shared.store();
            new Oracle(story).check(checkout, experiment, store);
            checkout.passed();
        }
        return hits;
    }

    /** Most moments lie in the work, some in the start; a program that goes on with much done already is hit early. */
    static void waitForMoment(Story story, Checkout checkout, String experiment, LabProcess program, int earlier)
            throws IOException {
        Oracle.Reference usual = Oracle.reference();
        if (story.random().nextInt(8) == 0) {
            long millis = story.random().nextLong(usual.startMillis());
            Processes.await(() -> !program.alive() || program.millis() >= millis, usual.startMillis() + 1000);
            return;
        }
        long before = Processes.files(checkout.runs(experiment));
        long patience = 10 * usual.startMillis() + 60_000;
        Processes.await(() -> !program.alive() || Processes.files(checkout.runs(experiment)) != before, patience);
        long millis =
                program.millis() + story.random().nextLong((usual.millis() - usual.startMillis()) / (1 + earlier));
        Processes.await(() -> !program.alive() || program.millis() >= millis, patience + millis);
    }

    /** The moment when something of the runs' folders has changed for the n-th time: between two writes, a random one cannot be. */
    private static void waitForFiles(
            Story story, Checkout checkout, String experiment, LabProcess program, int earlier) {
        int wanted = 1 + story.random().nextInt(60 / (1 + earlier));
        story.tell("waiting for change " + wanted + " of the runs' folders");
        Set<String> before = Processes.content(checkout.runs(experiment));
        for (int changes = 0; changes < wanted && program.alive(); ) {
            Set<String> now = Processes.content(checkout.runs(experiment));
            if (!now.equals(before)) {
                before = now;
                changes++;
            }
        }
    }

    private void hit(Kind kind, Story story, Checkout checkout, LabProcess program) throws IOException {
        story.tell(kind + ", " + program.millis() + " ms after the start");
        switch (kind) {
            case PROGRAM, PROGRAM_EMBEDDED, FILE -> program.kill();
            case INTERRUPT -> Processes.signal(program.pid(), "INT");
            case INTERRUPT_TWICE -> {
                Processes.signal(program.pid(), "INT");
                Processes.pause(story.random().nextInt(600));
                Processes.signal(program.pid(), "INT");
            }
            case TERMINATE -> Processes.signal(program.pid(), "TERM");
            case SERVER -> servers(checkout, program).forEach(ProcessHandle::destroyForcibly);
            case REMOTE -> {
                shared.kill();
                Processes.pause(story.random().nextInt(3_000));
                shared.start();
            }
            case ALL -> {
                List<ProcessHandle> servers = servers(checkout, program);
                program.kill();
                servers.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static List<ProcessHandle> servers(Checkout checkout, LabProcess program) {
        return Processes.of(checkout.root()).stream()
                .filter(process -> process.pid() != program.pid())
                .toList();
    }
}
