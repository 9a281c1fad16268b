package replklab.experiment;

/** An experiment with fine-tuning, in small. */
final class TwoStages {
    static final String TEXT = """
            title: Kernels, twice
            question: Where do they help more?
            scale: Tiny.
            paper:
              table: table05-kernel-sizes
              columns: {miou: ade20k_miou, accuracy: imagenet_top1}
            data: {name: fashion-scenes, resolution: 32, trainExamples: 12, testExamples: 10}
            model:
              name: replknet
              layers: [1, 1]
              channels: [4, 6]
              smallKernel: 3
              dwRatio: 1
              ffnRatio: 1
              dropPath: 0.3
            training:
              learningRate: 0.02
              epochs: 2
              batchSize: 6
              emaDecay: 0.5
            finetune:
              decoder: {channels: 4, poolScales: [1, 2], auxiliaryChannels: 3}
              training: {optimiser: adamw, learningRate: 0.01, epochs: 2, batchSize: 4}
            variants:
              kernels: {3-3-3-3: [3, 3], 13-13-13-13: [13, 13]}
            hypotheses:
              - name: dense prediction
                metric: miou
                of: {kernels: 13-13-13-13}
                minus: {kernels: 3-3-3-3}
                ours: "Kernel 13 {gains|loses} {size} of mIoU"
                paper: "{gained|lost} {size}"
              - name: classification
                metric: accuracy
                of: {kernels: 13-13-13-13}
                minus: {kernels: 3-3-3-3}
                ours: "Kernel 13 {gains|loses} {size}"
                paper: "{gained|lost} {size}"
              - name: more in dense prediction
                metric: miou
                of: {kernels: 13-13-13-13}
                minus: {kernels: 3-3-3-3}
                butNot:
                  metric: accuracy
                  of: {kernels: 13-13-13-13}
                  minus: {kernels: 3-3-3-3}
                ours: "It gains {size} {more|less} there"
                paper: "gained {size} {more|less}"
            profiles:
              smoke: {seeds: 2}
              quick: {seeds: 2, finetune: {training: {epochs: 3}}}
              full: {seeds: 5}
            """;

    private TwoStages() {}

    /** The file with one piece of it replaced. */
    static String with(String piece, String other) {
        if (!TEXT.contains(piece)) {
            throw new AssertionError("the file has no " + piece);
        }
        return TEXT.replace(piece, other);
    }
}
