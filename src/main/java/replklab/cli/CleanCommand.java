package replklab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import replklab.base.LabHome;
import replklab.experiment.Leftovers;
import replklab.experiment.Leftovers.Leftover;

/** {@code ./lab clean}: what nobody needs any more. */
@Command(
        name = "clean",
        description = "Lists what nobody needs any more, and removes it with --yes.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "That is: runs that others have taken the place of, repetitions, results of the smoke profile, checkpoints of "
                    + "finished runs, and files whose writer died. What MLflow does not have completely stays, and so does what "
                    + "a live process works on."
        })
final class CleanCommand implements Callable<Integer> {
    @Option(names = "--yes", description = "Remove it.")
    boolean yes;

    @Option(names = "--json", description = "Print one JSON document.")
    boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        Path root = LabHome.root();
        List<Leftover> found = Leftovers.find(root);
        if (yes) {
            Leftovers.remove(found);
        }
        if (json) {
            System.out.println(json(root, found));
            return 0;
        }
        long bytes = 0;
        for (Leftover each : found) {
            bytes += each.kept().isEmpty() ? each.bytes() : 0;
            System.out.println(size(each.bytes()) + "  " + root.relativize(each.path()) + "  " + each.kind()
                    + each.kept().map(reason -> "; it stays: " + reason).orElse(""));
        }
        if (found.stream().allMatch(each -> each.kept().isPresent())) {
            System.out.println("There is nothing to remove.");
        } else {
            System.out.println(size(bytes).strip() + (yes ? " removed" : " in all; ./lab clean --yes removes it"));
        }
        return 0;
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%8.1f MB", bytes / 1e6);
    }

    private String json(Path root, List<Leftover> found) throws JsonProcessingException {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Leftover each : found) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("path", root.relativize(each.path()).toString());
            entry.put("kind", each.kind().name().toLowerCase(Locale.ROOT));
            entry.put("bytes", each.bytes());
            entry.put("removed", yes && each.kept().isEmpty());
            each.kept().ifPresent(reason -> entry.put("kept", reason));
            list.add(entry);
        }
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(Map.of("leftovers", list));
    }
}
