using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Compiler.Graph;
using Strata.CompilerServices;
using Strata.Training;

namespace Strata.Numerics.Tests;

/// <summary>A compiled class and the programs that are emitted for its graph: they have the same numbers, to the bit.</summary>
/// <param name="type">The class.</param>
/// <param name="graph">Its graph.</param>
/// <param name="classes">Class targets of as many samples as the largest batch has.</param>
/// <param name="values">Targets that are values, of as many.</param>
/// <param name="seed">The seed of parameters and dropout.</param>
internal sealed class EmissionComparison(CompiledType type, NetworkGraph graph, int[] classes, float[] values, ulong seed)
{
    /// <summary>One sample, a partly filled block, a full one at 16 lanes, several and one more.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 3, 16, 33];

    /// <summary>Steps of training.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Makes the program of a tier.</summary>
    public Func<NetworkGraph, Isa, AssemblyProgram> ProgramOf { get; init; } = (graph, isa) => EmittedNetwork.ProgramOf(graph, isa);

    private int Most => Batches[^1];

    /// <summary>What differs in a tier; null if nothing does.</summary>
    /// <param name="isa">The tier.</param>
    /// <param name="counts">How many programs of each kind were compared.</param>
    public string? Run(Isa isa, IDictionary<string, int> counts)
    {
        AssemblyProgram program = ProgramOf(graph, isa);
        foreach (string kind in KindsOf(program, isa))
        {
            counts[kind] = counts.TryGetValue(kind, out int count) ? count + 1 : 1;
        }

        return Run(program);
    }

    /// <summary>What differs between the class and a program; null if nothing does.</summary>
    public string? Run(AssemblyProgram program)
    {
        Isa isa = program.Isa;
        return Numbers(type.Program(isa), program)
            ?? RunInference(program, new NetworkOptions { Isa = isa, Seed = seed, Threads = 1 })
            ?? RunInference(program, new NetworkOptions { Isa = isa, Seed = seed, Threads = 2 })
            ?? (program.With(WeightStorage.BFloat16) is null ? null : RunInference(
                program, new NetworkOptions { Isa = isa, Seed = seed, Threads = 2, WeightStorage = WeightStorage.BFloat16 }))
            ?? RunObserved(program, isa)
            ?? RunTraining(program, new NetworkOptions { Isa = isa, Seed = seed, Threads = 2 });
    }

    private static IEnumerable<string> KindsOf(AssemblyProgram program, Isa isa)
    {
        (bool Is, string Kind)[] kinds =
        [
            (true, isa.ToString()), (program.ObservationArenaLength > 0, "observed"),
            (program.With(WeightStorage.BFloat16) is not null, "in bfloat16"),
            (program.ProfiledSteps.Count > 0, "profiled"), (program.HasInputGradient, "with the input's gradient"),
            (program.TrainingSampleLength > 0, "trained in blocks of channels"),
            (program is { TrainingArenaLength: > 0, TrainingSampleLength: 0 }, "trained in sample lanes"),
            (program.DenseGradients.Count > 0, "with weight gradients of the batch"), (program.LeastBatch < int.MaxValue, "for batches"),
            (program.BlockArenaLength > 0, "in blocks"), (program.SharedLength > 0, "with statistics of the batch"),
        ];
        return kinds.Where(kind => kind.Is).Select(kind => kind.Kind);
    }

    /// <summary>The numbers by which the runtime calls a program.</summary>
    private static string? Numbers(NetworkProgram expected, NetworkProgram actual)
    {
        static string[] Of(NetworkProgram program) =>
        [
            $"lengths {program.ParametersLength + ((program as AssemblyProgram)?.DerivedLength ?? 0)} {program.TrainableLength} "
            + $"{program.SampleArenaLength} {program.ScratchLength} {program.BlockArenaLength} {program.BlockThreshold} "
            + $"{program.ObservationArenaLength} {program.LeastBatch}",
            $"lengths in training {program.TrainingArenaLength} {program.TrainingSampleLength} {program.SlotFrontLength} "
            + $"{program.SlotLength} {program.SummedParametersLength} {program.SharedLength}",
            $"forms {program.Isa} {program.HasInputGradient} {program.GoesBySample} {program.ForwardSteps} "
            + $"{program.With(WeightStorage.BFloat16) is not null}",
            "preparation " + string.Join(' ', program.PreparationItems.ToArray()), "steps " + string.Join(' ', program.SampleSteps),
            "steps of training " + string.Join(' ', program.TrainingSteps),
            "gradients' steps " + string.Join(' ', program.GradientSteps.ToArray()),
            "gradients of the loss " + string.Join(' ', program.LossGradients.ToArray()),
            "tensors " + string.Join(' ', program.TrainingTensors), "profile " + string.Join(' ', program.ProfiledSteps),
            "weight gradients " + string.Join(' ', program.DenseGradients),
            "packing " + string.Join(' ', program.Packing.Select(one =>
                $"{one.Offset} {one.Length} {one.Element} {string.Join(' ', one.Axes.SelectMany(axis => axis.Dimensions))}")),
        ];
        return Of(expected).Zip(Of(actual)).Where(pair => pair.First != pair.Second)
            .Select(pair => $"{pair.First}\n  and {pair.Second}").FirstOrDefault();
    }

    private string? RunInference(AssemblyProgram program, NetworkOptions options)
    {
        using CompiledNetwork expected = type.Create(options), actual = new EmittedNetwork(expected.Info, program, options);
        foreach (int batch in Batches)
        {
            if (Difference(expected, actual, $"{options.WeightStorage}, {options.Threads} threads, batch of {batch}", network =>
                Outputs(network, batch)) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? RunObserved(AssemblyProgram program, Isa isa)
    {
        if (program.ObservationArenaLength == 0)
        {
            return null;
        }

        using CompiledNetwork plain = type.Create(isa);
        string[] layers = [.. plain.Info.Layers.Where(layer => !layer.TrainingOnly).Select(layer => layer.Name)];
        var options = new NetworkOptions { Isa = isa, Seed = seed, Threads = 1, Observe = layers };
        using CompiledNetwork expected = type.Create(options), actual = new EmittedNetwork(expected.Info, program, options);
        return Difference(expected, actual, "observed output", network => Outputs(network, Batches[1]))
            ?? layers.Select(layer => Difference(expected, actual, layer, network => network.Activation(layer).ToArray()))
                .FirstOrDefault(difference => difference is not null);
    }

    private string? RunTraining(AssemblyProgram program, NetworkOptions options)
    {
        if (program.TrainingArenaLength == 0)
        {
            return null;
        }

        using CompiledNetwork expected = type.Create(options), actual = new EmittedNetwork(expected.Info, program, options);
        using Trainer one = Trainer.For(expected, Most, new AdamW(0.002)), other = Trainer.For(actual, Most, new AdamW(0.002));
        Dictionary<CompiledNetwork, Trainer> trainers = new() { [expected] = one, [actual] = other };
        string? Compare(string what, Func<Trainer, float[]> of) => Difference(expected, actual, what, network => of(trainers[network]));
        return Compare("loss of outputs", LossOfOutputs)
            ?? Compare("gradients", trainer => Gradients(trainer, Most)) ?? Compare("gradients of few", trainer => Gradients(trainer, 3))
            ?? Compare("gradients of a loss of one's own", OwnLoss)
            ?? Compare($"losses of {Steps} steps", Train)
            ?? Compare($"parameters after {Steps} steps", trainer =>
                [.. trainer.Network.Parameters.SelectMany(parameter => Copy(parameter.Length, parameter.CopyTo))])
            ?? Difference(expected, actual, "output after training", network => Outputs(network, Most));
    }

    private static float[] Outputs(CompiledNetwork network, int batch)
    {
        float[] outputs = new float[batch * network.OutputLength];
        network.Forward(Inputs(network, batch), outputs);
        return outputs;
    }

    private static float[] Inputs(CompiledNetwork network, int batch) =>
        [.. Enumerable.Range(0, batch * network.InputLength).Select(i => MathF.Sin(i * 0.37f) * 2)];

    private float[] LossOfOutputs(Trainer trainer)
    {
        if (trainer.LossNames.Count == 0)
        {
            return [];
        }

        (double loss, IReadOnlyDictionary<string, double> losses) =
            trainer.Evaluate(Inputs(trainer.Network, Most), classes, values);
        return [(float)loss, .. losses.Values.Select(value => (float)value)];
    }

    private float[] Gradients(Trainer trainer, int samples) => trainer.LossNames.Count == 0 ? [] :
    [
        trainer.ComputeGradients(Inputs(trainer.Network, samples), Part(classes, samples), Part(values, samples)), .. Gradients(trainer),
    ];

    private float[] OwnLoss(Trainer trainer)
    {
        CompiledNetwork network = trainer.Network;
        float[] outputs = new float[Most * network.OutputLength], inputGradient = new float[Most * network.InputLength];
        trainer.Forward(Inputs(network, Most), outputs);
        float[] gradient = [.. outputs.Select((_, i) => MathF.Cos(i * 0.23f) / Most)];
        if (network.Program.HasInputGradient)
        {
            trainer.Backward(gradient, inputGradient);
        }
        else
        {
            trainer.Backward(gradient);
        }

        return [.. outputs, .. inputGradient, .. Gradients(trainer)];
    }

    private static float[] Gradients(Trainer trainer) =>
    [
        .. trainer.Network.Parameters.Where(parameter => parameter.IsTrainable)
            .SelectMany(parameter => Copy(parameter.Length, values => trainer.CopyGradientTo(parameter, values))),
    ];

    private float[] Train(Trainer trainer) => [.. Enumerable.Range(0, Steps).Select(step =>
    {
        if (trainer.LossNames.Count > 0)
        {
            return trainer.Step(Inputs(trainer.Network, Most), classes, values);
        }

        float first = OwnLoss(trainer)[0];
        trainer.Update();
        return first;
    })];

    private T[] Part<T>(T[] targets, int samples) => targets[..(targets.Length / Most * samples)];

    private static float[] Copy(int length, SpanAction copy)
    {
        float[] values = new float[length];
        copy(values);
        return values;
    }

    /// <summary>Compares what two networks compute, or why they cannot.</summary>
    private static string? Difference(CompiledNetwork expected, CompiledNetwork actual, string what, Func<CompiledNetwork, float[]> of)
    {
        (float[] Numbers, string Thrown) Result(CompiledNetwork network)
        {
            try
            {
                return (of(network), "");
            }
            catch (Exception e) when (e is TrainingException or ArgumentException)
            {
                return ([], e.Message);
            }
        }

        ((float[] one, string why), (float[] other, string otherWhy)) = (Result(expected), Result(actual));
        if (why != otherWhy)
        {
            return $"{what}: '{why}' and '{otherWhy}'";
        }

        int at = MemoryMarshal.Cast<float, int>(one).CommonPrefixLength(MemoryMarshal.Cast<float, int>(other));
        return at < one.Length ? $"{what}, number {at}: {one[at]:R} and {other[at]:R}" : null;
    }

    private delegate void SpanAction(Span<float> values);
}
