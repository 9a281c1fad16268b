package replklab.experiment;

/** A small experiment's file, and changes to it. */
final class Yaml {
    static final String TEXT = """
            # An experiment for tests.
            title: Shortcuts in small
            question: Do they matter?
            scale: Tiny.
            paper: {table: table02-shortcut, column: imagenet_top1}
            data: {name: fashion-mnist}
            model:
              name: mobilenetv2
              width: 0.25
              stemStride: 1
              strides: [1, 2, 1, 1, 1, 1, 1]
              lastChannels: 16
            training:
              learningRate: 0.02
              epochs: 2
              batchSize: 6
            variants:
              shortcut: {with: true, without: false}
              kernel: [3]
            hypotheses:
              - name: kernel 3 without shortcuts
                of: {shortcut: without, kernel: 3}
                minus: {shortcut: with, kernel: 3}
                ours: "It {gains|loses} {size}"
                paper: "{gained|lost} {size}"
            profiles:
              smoke:
                seeds: 2
              quick:
                seeds: 3
                training: {epochs: 3}
              full:
                seeds: 5
                training:
                  epochs: 5
            """;

    static final String MEASURED = """
            title: Kernels in small
            question: Are they slow?
            scale: Tiny.
            paper: {table: table01-dw-latency, column: latency_ms, levels: {implementation: {fft: pytorch}}}
            measure:
              name: depthwise-layers
              layers: 2
              batch: 1
              channels: 3
              warmUpMs: 0
              measureMs: 0
            variants:
              resolution: [16]
              implementation: [ours, fft]
              kernel: [3, 31]
            hypotheses:
              - name: 31 over 3
                of: {implementation: ours, resolution: 16, kernel: 31}
                over: {implementation: ours, resolution: 16, kernel: 3}
                ours: "31 takes {size} {as long as|less than} 3"
                paper: "took {size} {as long|less}"
            profiles:
              smoke: {seeds: 2}
              quick: {seeds: 2}
              full: {seeds: 2}
            """;

    private Yaml() {}

    /** The file with one piece of it replaced. */
    static String with(String piece, String other) {
        if (!TEXT.contains(piece)) {
            throw new AssertionError("the file has no " + piece);
        }
        return TEXT.replace(piece, other);
    }

    static Experiment smoke(String text) {
        return Experiments.parse("tiny", text, Profile.SMOKE);
    }
}
