using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Strata.CompilerServices;
using Strata.Numerics.Tests.Drawing;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// The kernels check no bounds, so these tests call them with memory of exactly the length that they asked for and guards around it.
/// </summary>
public class MemoryTests
{
    /// <summary>Names the file of the compiled networks for the child process, which need not compile them again.</summary>
    private const string ImageVariable = "STRATA_GUARDED_NETWORKS";

    private const int FirstSeed = 5000, RandomNetworks = 20;

    private static readonly Lazy<(OracleNetwork Oracle, CompiledType Type)[]> Networks = new(CompileNetworks);

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Kernels_stay_inside_their_memory_and_read_nothing_that_they_did_not_write(Isa isa)
    {
        foreach ((OracleNetwork oracle, CompiledType type) in Networks.Value)
        {
            Run(oracle, type.Program(isa), Guard.Canaries);
        }
    }

    /// <summary>In a process of its own, which such an access would end.</summary>
    [Fact]
    public async Task Kernels_touch_no_page_outside_their_memory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(ImageVariable) is { } image)
        {
            OracleNetwork[] networks = DrawNetworks();
            var compiled = new CompiledNetworks(await File.ReadAllBytesAsync(image, TestContext.Current.CancellationToken));
            foreach (Isa isa in Tiers.Supported)
            {
                foreach ((OracleNetwork oracle, CompiledType type) in Types(networks, compiled))
                {
                    Console.WriteLine($"{isa}\n{oracle.Declaration("Guarded")}");
                    Run(oracle, type.Program(isa), Guard.PageBehind);
                    Run(oracle, type.Program(isa), Guard.PageBefore);
                }
            }

            return;
        }

        string path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, Networks.Value[0].Type.Origin.Image, TestContext.Current.CancellationToken);
        try
        {
            // The child's output ends with the network that failed.
            await ChildProcess.Run(typeof(MemoryTests), nameof(Kernels_touch_no_page_outside_their_memory), ImageVariable, path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (OracleNetwork Oracle, CompiledType Type)[] CompileNetworks()
    {
        OracleNetwork[] networks = DrawNetworks();
        return Types(networks, NetworkCompiler.CompileClasses([.. networks.Select((n, i) => n.Declaration($"Guarded{i}"))], "Guarded"));
    }

    private static OracleNetwork[] DrawNetworks()
    {
        OracleNetwork[] networks =
        [
            Models.LeNet5(inputGradient: true), Models.Net(), Models.Mixed(), Models.Residual(), Models.Inception(),
            Models.Branched(), Models.Decoder(),
            Models.MixedSequence(), Models.MixedVolume(),
            .. Enumerable.Range(FirstSeed, int.MaxValue - FirstSeed).Select(RandomArchitecture.Draw).Where(IsOfOnePhase)
                .Take(RandomNetworks),
            .. LargeNetworkTests.Names.Select(LargeNetworkTests.Network),
        ];
        for (int i = 0; i < networks.Length; i++)
        {
            Models.Fill(networks[i], (ulong)(10_000 * (i + 1)));
        }

        return networks;
    }

    private static (OracleNetwork Oracle, CompiledType Type)[] Types(OracleNetwork[] networks, CompiledNetworks compiled) =>
        [.. networks.Select((n, i) => (n, compiled[$"Guarded{i}"]))];

    private static void Run(OracleNetwork oracle, NetworkProgram program, Guard guard)
    {
        try
        {
            using GuardedMemory parameters = Pack(oracle, program, guard);
            RunInference(oracle, program, guard, parameters);
            if (oracle.Objective != Objective.None)
            {
                RunTraining(oracle, program, guard, parameters);
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{program.Isa}, {guard}: {e.Message}\n{oracle.Declaration("Guarded")}", e);
        }
    }

    private static void RunInference(OracleNetwork oracle, NetworkProgram program, Guard guard, GuardedMemory parameters)
    {
        int inputLength = oracle.Input.Length, outputLength = oracle.Output.Length, lanes = program.Isa.Lanes();
        float[] packed = parameters.Span.ToArray();
        int[] blocks = program.BlockThreshold <= lanes ? [1, 2, lanes - 1, lanes] : [];
        foreach (int samples in blocks.Prepend(0))
        {
            // 0: one sample by its own kernels.
            int count = Math.Max(samples, 1);
            using var input = new GuardedMemory(count * inputLength, guard, aligned: false);
            using var output = new GuardedMemory(count * outputLength, guard, aligned: false);
            using var arena = new GuardedMemory(samples == 0 ? program.SampleArenaLength : program.BlockArenaLength, guard, aligned: true);
            using var scratch = new GuardedMemory(program.ScratchLength, guard, aligned: true);
            float[] values = Formula.Uniforms(1, input.Length);
            values.CopyTo(input.Span);
            if (samples == 0)
            {
                program.InferSample(ref input.First, ref output.First, ref parameters.First, ref arena.First, ref scratch.First);
            }
            else
            {
                program.InferBlock(ref input.First, samples, ref output.First, ref parameters.First, ref arena.First);
            }

            string what = samples == 0 ? "InferSample" : $"InferBlock of {samples}";
            input.Check($"{what}: input");
            output.Check($"{what}: output");
            arena.Check($"{what}: arena");
            scratch.Check($"{what}: scratch");
            parameters.Check($"{what}: parameters");
            Compare.SameBits(values, input.Span, $"{what}: input");
            Compare.SameBits(packed, parameters.Span, $"{what}: parameters");
            for (int n = 0; n < count; n++)
            {
                Check(
                    oracle,
                    () => oracle.Forward(values.AsSpan(n * inputLength, inputLength)).Output,
                    output.Span.Slice(n * outputLength, outputLength),
                    $"{what}: output of sample {n}");
            }
        }
    }

    private static unsafe void RunTraining(OracleNetwork oracle, NetworkProgram program, Guard guard, GuardedMemory parameters)
    {
        int inputLength = oracle.Input.Length, outputLength = oracle.Output.Length, lanes = program.Isa.Lanes();

        // Where nothing that is differentiable reads the input, there is no gradient.
        Assert.True(oracle.InputGradient || !program.HasInputGradient);
        float[] packed = parameters.Span.ToArray();
        foreach (int samples in new[] { 1, lanes - 1, lanes })
        {
            using var input = new GuardedMemory(samples * inputLength, guard, aligned: false);
            using var output = new GuardedMemory(samples * outputLength, guard, aligned: false);
            Target[] expected = [.. Enumerable.Range(0, samples).Select(n => oracle.Objective.Suit(new Target(
                Formula.Class(2, n, outputLength), Formula.Uniforms(3 + (ulong)n, outputLength)), oracle.Output))];
            bool takesClasses = oracle.Objective.TakesClasses;
            using var classes = new GuardedMemory(takesClasses ? samples * expected[0].Classes.Length : 0, guard, aligned: false);
            using var targets = new GuardedMemory(takesClasses ? 0 : samples * outputLength, guard, aligned: false);
            using var arena = new GuardedMemory(program.TrainingArenaLength, guard, aligned: true);
            using var own = new GuardedMemory(samples * program.TrainingSampleLength, guard, aligned: true);
            using var scratch = new GuardedMemory(program.ScratchLength, guard, aligned: true);
            using var slot = new GuardedMemory(program.SlotFrontLength + ((program.SlotLength + 15) / 16 * 16), guard, aligned: true);
            using var shared = new GuardedMemory((program.SharedLength + 15) / 16 * 16, guard, aligned: true);
            using var gradients = new GuardedMemory(program.ParametersLength, guard, aligned: true);
            using var inputGradient = new GuardedMemory(samples * inputLength, guard, aligned: false);
            float[] values = Formula.Uniforms(1, input.Length);
            values.CopyTo(input.Span);
            var step = new StepContext(Seed: 77, Pass: 5, FirstSample: 0, Samples: samples)
            {
                Divisors = [oracle.Objective.Divisor(expected)],
            };

            Run(program, ..program.ForwardSteps, input, samples, parameters, arena, slot, shared, own, scratch, inputGradient, step);
            for (int n = 0; n < samples; n++)
            {
                if (takesClasses)
                {
                    expected[n].Classes.CopyTo(MemoryMarshal.Cast<float, int>(classes.Span[(n * expected[n].Classes.Length)..]));
                }
                else
                {
                    expected[n].Values.CopyTo(targets.Span[(n * outputLength)..]);
                }
            }

            double loss = program.Loss(ref Unsafe.As<float, int>(ref classes.First), ref targets.First, samples, ref arena.First, step);
            Run(program, program.ForwardSteps.., input, samples, parameters, arena, slot, shared, own, scratch, inputGradient, step);
            var products = new DenseProducts(program);
            products.Begin((float*)Unsafe.AsPointer(ref slot.First) + program.SlotFrontLength, slot.Length, samples, mayDefer: false);
            for (int slice = 0; slice < products.Slices; slice++)
            {
                DenseSlice rows = products[slice];
                products.Compute(in rows, 0, samples, (float*)Unsafe.AsPointer(ref gradients.First) + rows.Start);
            }

            // What the runtime does between: the block's own sums.
            slot.Span.Slice(program.SlotFrontLength, program.SummedParametersLength).CopyTo(gradients.Span);
            ClearUnreached(oracle, program, gradients.Span);
            string what = $"training pass of {samples}";
            input.Check($"{what}: input");
            classes.Check($"{what}: classes");
            targets.Check($"{what}: targets");
            arena.Check($"{what}: arena");
            own.Check($"{what}: the samples' memory");
            scratch.Check($"{what}: scratch");
            slot.Check($"{what}: slot");
            shared.Check($"{what}: shared");
            gradients.Check($"{what}: gradients");
            inputGradient.Check($"{what}: gradient of the input");
            parameters.Check($"{what}: parameters");
            Compare.SameBits(values, input.Span, $"{what}: input");
            if (!TrainingStages.Combines(program))
            {
                // Batch norm moves its running statistics.
                Compare.SameBits(packed, parameters.Span, $"{what}: parameters");
            }

            if (!program.HasInputGradient)
            {
                foreach (float value in inputGradient.Span)
                {
                    Assert.True(GuardedMemory.IsUntouched(value), "a gradient of the input was written that nobody asked for");
                }
            }

            Assert.True(double.IsFinite(loss));
            if (IsSmall(oracle) && !TrainingStages.Combines(program))
            {
                CheckTraining(oracle, program, step, values, expected, loss, inputGradient.Span, gradients.Span, what);
            }

            foreach (int offset in oracle.Parameters.SelectMany((p, k) => p.IsTrained ? Offsets(p, program.Packing[k]) : []))
            {
                Assert.True(float.IsFinite(gradients.Span[offset]), $"{what}: a gradient is {gradients.Span[offset]}");
            }

            // A loss of one's own, on the same memory.
            Run(program, ..program.ForwardSteps, input, samples, parameters, arena, slot, shared, own, scratch, inputGradient, step);
            program.Output(ref arena.First, samples, ref output.First);
            output.Check($"{what}: output");
            foreach (float value in output.Span)
            {
                Assert.True(float.IsFinite(value), $"{what}: an output is {value}");
            }

            program.OutputGradient(ref output.First, samples, ref arena.First);
            Run(program, program.ForwardSteps.., input, samples, parameters, arena, slot, shared, own, scratch, inputGradient, step);
            output.Check($"{what}: output");
            arena.Check($"{what}: arena");
            slot.Check($"{what}: slot");
        }
    }

    /// <summary>Steps of one block, the items of each from the last to the first: their order changes nothing.</summary>
    internal static void Run(
        NetworkProgram program, Range steps, GuardedMemory input, int samples, GuardedMemory parameters, GuardedMemory arena,
        GuardedMemory slot, GuardedMemory shared,
        GuardedMemory own, GuardedMemory scratch, GuardedMemory inputGradient, StepContext context)
    {
        (int first, int count) = steps.GetOffsetAndLength(program.TrainingSteps.Length);
        for (int number = first; number < first + count; number++)
        {
            bool isOfSample = program.TrainingSteps[number].IsOfSample;
            for (int sample = isOfSample ? samples - 1 : 0; sample >= 0; sample--)
            {
                for (int item = program.TrainingSteps[number].Items - 1; item >= 0; item--)
                {
                    program.TrainStep(
                        number, item, item + 1, ref Unsafe.Add(ref input.First, sample * (input.Length / samples)),
                        isOfSample ? 1 : samples, ref parameters.First,
                        ref arena.First, ref Unsafe.Add(ref slot.First, program.SlotFrontLength), slot.Length, ref shared.First,
                        ref Unsafe.Add(ref own.First, sample * program.TrainingSampleLength),
                        ref scratch.First, ref inputGradient.First, context with { FirstSample = context.FirstSample + sample });
                }
            }
        }
    }

    /// <summary>Where no gradient comes, as before indices, nothing is written: the runtime's memory begins with zeros.</summary>
    private static void ClearUnreached(OracleNetwork oracle, NetworkProgram program, Span<float> gradients)
    {
        for (int k = 0; k < oracle.Parameters.Count; k++)
        {
            int[] offsets = [.. Offsets(oracle.Parameters[k], program.Packing[k])];
            int untouched = 0;
            foreach (int offset in offsets)
            {
                untouched += GuardedMemory.IsUntouched(gradients[offset]) ? 1 : 0;
            }

            if (untouched == offsets.Length)
            {
                foreach (int offset in offsets)
                {
                    gradients[offset] = 0;
                }
            }
        }
    }

    private static void CheckTraining(
        OracleNetwork oracle,
        NetworkProgram program,
        StepContext step,
        float[] values,
        Target[] targets,
        double loss,
        Span<float> inputGradient,
        Span<float> gradients,
        string what)
    {
        int inputLength = oracle.Input.Length;

        // Without any weight in the batch there is no loss.
        double weight = oracle.Objective.Divisor(targets), divisor = weight > 0 ? weight : double.PositiveInfinity;
        var sums = new GradientSums(oracle);
        DropoutMask mask = DropoutBits.Mask(oracle, step.Seed, step.Pass);
        var expectedLoss = new Sums(1);
        for (int n = 0; n < targets.Length; n++)
        {
            Pass pass = oracle.Forward(values.AsSpan(n * inputLength, inputLength), training: true, n, mask);
            (double value, double variance) = oracle.Loss(pass, targets[n], divisor);
            expectedLoss.Add(0, value, variance);
            oracle.Backward(pass, targets[n], divisor, sums);
            if (program.HasInputGradient)
            {
                Compare.Equal(sums.Input!, inputGradient.Slice(n * inputLength, inputLength), $"{what}: gradient of input {n}");
            }
            else if (oracle.InputGradient)
            {
                Assert.All(sums.Input!.Value, gradient => Assert.Equal(0, gradient));
            }
        }

        var total = new Numbers(1);
        expectedLoss.Store(total);
        Compare.Equal(total, [(float)loss], $"{what}: loss");
        IReadOnlyList<Numbers> results = sums.Result();
        for (int k = 0; k < results.Count; k++)
        {
            var gradient = new List<float>();
            foreach (int offset in Offsets(oracle.Parameters[k], program.Packing[k]))
            {
                gradient.Add(gradients[offset]);
            }

            Compare.Equal(results[k], [.. gradient], $"{what}: gradient of {oracle.Parameters[k].Key}");
        }
    }

    /// <summary>
    /// Against the oracle, but for the large networks, which other tests compare and which here need only be free of NaNs.
    /// </summary>
    private static void Check(OracleNetwork oracle, Func<Numbers> expected, Span<float> actual, string what)
    {
        if (IsSmall(oracle))
        {
            Compare.Equal(expected(), actual, what);
        }

        foreach (float value in actual)
        {
            Assert.True(float.IsFinite(value), $"{what}: {value}");
        }
    }

    /// <summary>
    /// What this class runs: programs without steps for the whole batch, of one input, output and loss, all of
    /// whose parameters are trained.
    /// </summary>
    private static bool IsOfOnePhase(OracleNetwork oracle) => oracle.Parameters.All(parameter => parameter.IsTrained)
        && oracle.Graph.Inputs.Count() == 1 && oracle.Graph.Outputs.Count == 1
        && oracle.Graph.Losses.All(loss => oracle.Graph.Losses.Count == 1 && loss.Weight == 1);

    private static bool IsSmall(OracleNetwork oracle) => oracle.MultiplyAdds < 500_000;

    /// <summary>The packed parameters, with zeros in their padding.</summary>
    private static GuardedMemory Pack(OracleNetwork oracle, NetworkProgram program, Guard guard)
    {
        var memory = new GuardedMemory(program.ParametersLength, guard, aligned: true);
        memory.Span.Clear();
        for (int k = 0; k < oracle.Parameters.Count; k++)
        {
            int i = 0;
            foreach (int offset in Offsets(oracle.Parameters[k], program.Packing[k]))
            {
                memory.Span[offset] = (float)oracle.Weights[k].Value[i++];
            }
        }

        program.Derive(ref memory.First);
        program.PrepareInference(ref memory.First);
        return memory;
    }

    /// <summary>Where each element of a parameter stands, in PyTorch's order.</summary>
    private static IEnumerable<int> Offsets(OracleParameter parameter, ParameterPacking packing)
    {
        for (int i = 0; i < parameter.Length; i++)
        {
            int offset = packing.Offset, rest = i;
            for (int axis = parameter.Shape.Length - 1; axis >= 0; axis--)
            {
                offset += packing.Axes[axis].Offset(rest % parameter.Shape[axis]);
                rest /= parameter.Shape[axis];
            }

            yield return offset;
        }
    }
}
