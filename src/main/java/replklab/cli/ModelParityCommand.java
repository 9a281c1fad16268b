package replklab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.base.GitState;
import replklab.base.LabHome;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.bench.PeerEnvironment;
import replklab.parity.Parity;
import replklab.parity.ParityCase;
import replklab.parity.ParityReport;
import replklab.parity.ParityRow;
import replklab.report.ResultFolder;
import replklab.table.TextTable;
import replklab.tensor.Backend;

/** {@code ./lab model parity}. */
@Command(
        name = "parity",
        description = "Compares RepLKNets of many configurations with the authors' PyTorch model.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Outputs, features, gradients, statistics, merged weights and receptive fields, for random weights and images. "
                    + "PyTorch comes from the peers' environment, which is made on first use; the authors' code from FOLDER, a clone "
                    + "of github.com/DingXiaoH/RepLKNet-pytorch. Writes results/parity.md and parity.json, unless --case narrows it. "
                    + "Exit code 1 if an error is beyond 1e-4."
        })
final class ModelParityCommand implements Callable<Integer> {
    @Option(
            names = "--authors",
            paramLabel = "FOLDER",
            required = true,
            description = "A clone of the authors' repository, with replknet.py.")
    private Path authors;

    @Option(names = "--case", paramLabel = "NAME", description = "Compares only the cases whose names contain it.")
    private String wanted = "";

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<ParityCase> cases = ParityCase.all().stream()
                .filter(each -> each.name().contains(wanted))
                .toList();
        if (cases.isEmpty()) {
            throw UsageException.unknown(
                    "case",
                    wanted,
                    ParityCase.all().stream().map(ParityCase::name).toList());
        }
        Parity.requireModel(authors);
        PeerEnvironment.furnish(System.err::println);
        ParityReport report = compare(cases);
        if (wanted.isEmpty()) {
            ResultFolder results = new ResultFolder(LabHome.resolve("results"));
            results.write("parity.md", report.markdown());
            results.write("parity.json", report.json() + "\n");
        }
        System.out.println(
                json
                        ? report.json()
                        : TextTable.in(
                                Terminal.charset(),
                                TextTable.of(wanted.isEmpty() ? report.overview() : report.table(), Terminal.width())));
        return report.isWithin() ? 0 : 1;
    }

    private ParityReport compare(List<ParityCase> cases) {
        Instant begun = Instant.now();
        PrintWriter err = spec.commandLine().getErr();
        try (Parity parity = Parity.start(PeerEnvironment.python(), authors)) {
            List<ParityRow> rows = new ArrayList<>();
            for (ParityCase each : cases) {
                err.println("Comparing " + each.name() + "...");
                err.flush();
                rows.addAll(parity.compare(each));
            }
            SequencedMap<String, String> versions = new LinkedHashMap<>();
            versions.put("PyTorch", parity.version());
            GitState commit = parity.commit();
            versions.put("the authors' repository", commit.commit() + (commit.dirty() ? " with changes" : ""));
            Provenance provenance = Provenance.collect(
                            LabHome.root(),
                            Backend.current().name(),
                            cases.toString(),
                            List.of(ParityCase.SEED),
                            "full",
                            begun)
                    .finished(Instant.now());
            String command =
                    "./lab model parity --authors FOLDER" + (wanted.isEmpty() ? "" : " --case '" + wanted + "'");
            return new ParityReport(command, versions, cases, rows, provenance);
        }
    }
}
