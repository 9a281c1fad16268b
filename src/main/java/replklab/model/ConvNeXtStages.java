package replklab.model;

import java.util.ArrayList;
import java.util.List;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.LayerNorm;
import replklab.nn.PatchConvolution;
import replklab.nn.Sequential;

/**
 * What ConvNeXt's classifier and backbone have in common: in each stage a layer that makes the maps smaller, and its blocks.
 *
 * @param downsampling the stem, and before each later stage the layer that halves height and width
 * @param stages the blocks of each stage
 */
record ConvNeXtStages(List<Layer> downsampling, List<Layer> stages) {
    static ConvNeXtStages of(ConvNeXtConfig config, int count, Initialisation start) {
        List<Layer> downsampling = new ArrayList<>();
        List<Layer> stages = new ArrayList<>();
        for (int stage = 0; stage < count; stage++) {
            int channels = config.channels().get(stage);
            downsampling.add(
                    stage == 0
                            ? new Sequential(List.of(
                                    new PatchConvolution(config.inputChannels(), channels, config.stemSize(), start),
                                    new LayerNorm(channels)))
                            : new Sequential(List.of(
                                    new LayerNorm(config.channels().get(stage - 1)),
                                    new PatchConvolution(config.channels().get(stage - 1), channels, 2, start))));
            List<Layer> blocks = new ArrayList<>();
            for (int block = 0; block < config.layers().get(stage); block++) {
                blocks.add(new ConvNeXtBlock(
                        channels,
                        config.kernels().get(stage),
                        config.layerScale(),
                        config.dropPath(stage, block),
                        start));
            }
            stages.add(new Sequential(blocks));
        }
        return new ConvNeXtStages(downsampling, stages);
    }
}
