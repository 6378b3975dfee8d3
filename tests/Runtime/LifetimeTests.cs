using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Strata.CompilerServices;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// Disposing of a network or a trainer while one of their public members runs. The member's result is right, or it throws an <see
/// cref="ObjectDisposedException"/>. The members are found by reflection; each needs a case here.
/// </summary>
public sealed class LifetimeTests
{
    private const int Samples = 40;

    private static readonly Type[] Holders = [typeof(CompiledNetwork), typeof(Parameter), typeof(Trainer)];

    private static readonly float[] Inputs = LinearNetwork.Noise(Samples, 1), Values = LinearNetwork.Noise(2 * Samples, 2);

    private static readonly int[] Classes = [.. Enumerable.Range(0, Samples).Select(i => i % 2)];

    private static readonly SampleBatch[] Pieces = [new(Inputs, Values)];

    private static readonly byte[] Weights = WeightsOf(seed: 9);

    private static readonly Dictionary<string, Case[]> Cases = new()
    {
        ["CompiledNetwork.Info"] = [new(s => s.Network.Info.Name)],
        ["CompiledNetwork.Isa"] = [new(s => s.Network.Isa)],
        ["CompiledNetwork.WeightStorage"] = [new(s => s.Network.WeightStorage)],
        ["CompiledNetwork.Threads"] = [new(s => s.Network.Threads)],
        ["CompiledNetwork.Seed"] = [new(s => s.Network.Seed)],
        ["CompiledNetwork.InputLength"] = [new(s => s.Network.InputLength)],
        ["CompiledNetwork.OutputLength"] = [new(s => s.Network.OutputLength)],
        ["CompiledNetwork.Parameters"] = [new(s => s.Network.Parameters.Count)],
        ["CompiledNetwork.FindParameter(String)"] = [new(s => s.Network.FindParameter("dense1.weight")!.Key)],
        ["CompiledNetwork.At(ReadOnlySpan<Int32>)"] = [new(s => s.Network.At().Info.Name)],
        ["CompiledNetwork.SmallestSizeFor(ReadOnlySpan<Int32>)"] =
            [new(s => Assert.Throws<ArgumentException>(() => s.Network.SmallestSizeFor(3)).ParamName!)],
        ["CompiledNetwork.SupportedSizes"] = [new(s => s.Network.SupportedSizes!.Count)],
        ["CompiledNetwork.SizeMultiple"] = [new(s => s.Network.SizeMultiple)],
        ["CompiledNetwork.Summary()"] = [new(s => s.Network.Summary())],
        ["CompiledNetwork.Dispose()"] = [new(s => Do(s.Network.Dispose)) { Races = true }],
        ["CompiledNetwork.Forward(ReadOnlySpan<Single>, Span<Single>)"] =
        [
            new(s => s.Forward(1)) { Needs = Parts.Network },
            new(s => s.Forward(Samples)) { Needs = Parts.Network },
            new(s => s.Forward(Samples)) { Needs = Parts.Network, Observed = true },
        ],
        ["CompiledNetwork.Activation(String)"] =
        [
            new(s => s.Network.Activation("dense1").ToArray()) { Needs = Parts.Network, Observed = true, Before = s => s.Forward(Samples) },
        ],
        ["CompiledNetwork.Initialize(UInt64)"] = [new(s => Do(() => s.Network.Initialize(3))) { Needs = Parts.Network }],
        ["CompiledNetwork.CopyParametersFrom(CompiledNetwork)"] =
            [new(s => Do(() => s.Network.CopyParametersFrom(s.Other))) { Needs = Parts.Network | Parts.Other }],
        ["CompiledNetwork.Save(String)"] = [new(s => s.Written(s.Network.Save)) { Needs = Parts.Network }],
        ["CompiledNetwork.Save(Stream)"] = [new(s => s.Saved()) { Needs = Parts.Network }],
        ["CompiledNetwork.Load(String)"] = [new(s => Do(() => s.Network.Load(s.WeightsFile))) { Needs = Parts.Network }],
        ["CompiledNetwork.Load(String, WeightsLoadOptions)"] =
            [new(s => s.Network.Load(s.WeightsFile, s.Renaming).Loaded[0]) { Needs = Parts.Network }],
        ["CompiledNetwork.Load(Stream)"] = [new(s => Do(() => s.Network.Load(s.Stream(Weights)))) { Needs = Parts.Network }],
        ["CompiledNetwork.Load(Stream, WeightsLoadOptions)"] =
            [new(s => s.Network.Load(s.Stream(Weights), s.Renaming).Loaded[0]) { Needs = Parts.Network }],
        ["CompiledNetwork.Load(ReadOnlyMemory<Byte>)"] = [new(s => Do(() => s.Network.Load(Weights))) { Needs = Parts.Network }],
        ["CompiledNetwork.Load(ReadOnlyMemory<Byte>, WeightsLoadOptions)"] =
            [new(s => s.Network.Load(Weights, s.Renaming).Loaded[0]) { Needs = Parts.Network }],

        ["Parameter.Key"] = [new(s => s.Weight.Key)],
        ["Parameter.Shape"] = [new(s => s.Weight.Shape.Count)],
        ["Parameter.Length"] = [new(s => s.Weight.Length)],
        ["Parameter.IsTrainable"] = [new(s => s.Weight.IsTrainable)],
        ["Parameter.ToString()"] = [new(s => s.Weight.ToString())],
        ["Parameter.CopyTo(Span<Single>)"] = [new(s => Filled(HeldProgram.Length, s.Weight.CopyTo)) { Needs = Parts.Network }],
        ["Parameter.CopyFrom(ReadOnlySpan<Single>)"] =
            [new(s => Do(() => s.Weight.CopyFrom(new float[HeldProgram.Length]))) { Needs = Parts.Network }],
        ["Picture.OfKernels(Parameter, PictureOptions)"] =
            [new(s => Picture.OfKernels(s.Weight).ToGrey()) { Needs = Parts.Network }],
        ["Picture.OfActivation(CompiledNetwork, String, Int32, PictureOptions)"] =
        [
            new(s => Picture.OfActivation(s.Network, "dense1", 3).ToGrey())
            {
                Needs = Parts.Network, Observed = true, Before = s => s.Forward(Samples),
            },
        ],
        ["TensorBatch.Forward(CompiledNetwork, ReadOnlySpan<Byte>, Span<Single>)"] =
        [
            new(s => Filled(2 * Samples, outputs => TensorBatch.Forward(s.Network, new byte[Samples], outputs))) { Needs = Parts.Network },
        ],
        ["Classification.Classify(CompiledNetwork, ReadOnlySpan<Single>)"] =
            [Classifying(s => s.Network.Classify(Inputs.AsSpan(0, 1))) with { Needs = Parts.Network }],
        ["Classification.Classify(CompiledNetwork, ReadOnlySpan<Byte>)"] =
            [Classifying(s => s.Network.Classify(new byte[1])) with { Needs = Parts.Network }],
        ["Classification.Classify(CompiledNetwork, ReadOnlySpan<Single>, Span<ClassPrediction>)"] =
            [Classifying(s => ClassesOf(found => s.Network.Classify(Inputs, found))) with { Needs = Parts.Network }],
        ["Classification.Classify(CompiledNetwork, ReadOnlySpan<Byte>, Span<ClassPrediction>)"] =
            [Classifying(s => ClassesOf(found => s.Network.Classify(new byte[Samples], found))) with { Needs = Parts.Network }],
        ["TensorBoardWriter.AddParameters(CompiledNetwork, Int64)"] =
            [new(s => s.Events(writer => writer.AddParameters(s.Network, 1))) { Needs = Parts.Network }],
        ["TensorBoardWriter.AddActivations(CompiledNetwork, ReadOnlySpan<Single>, Int64)"] =
            [new(s => s.Events(writer => writer.AddActivations(s.Network, Inputs.AsSpan(0, 1), 1))) { Needs = Parts.Network }],
        ["TensorBoardWriter.AddGradients(Trainer, Int64)"] =
            [Training(s => s.Events(writer => writer.AddGradients(s.Trainer, 1))) with { Before = s => s.Step() }],
        ["MemoryUse.Of(CompiledNetwork, Int32, Optimizer)"] = [new(s => MemoryUse.Of(s.Network, 3, new Sgd(0.1)))],

        ["Trainer.Network"] = [Training(s => s.Trainer.Network.Info.Name) with { Needs = Parts.None }],
        ["Trainer.BatchSize"] = [Training(s => s.Trainer.BatchSize) with { Needs = Parts.None }],
        ["Trainer.Optimizer"] = [Training(s => s.Trainer.Optimizer.LearningRate) with { Needs = Parts.None }],
        ["Trainer.OnWarning"] = [Training(s => s.Trainer.OnWarning) with { Needs = Parts.None }],
        ["Trainer.Steps"] = [Training(s => s.Trainer.Steps) with { Needs = Parts.None }],
        ["Trainer.GradientNorm"] = [Training(s => s.Trainer.GradientNorm) with { Needs = Parts.None }],
        ["Trainer.LossNames"] = [Training(s => s.Trainer.LossNames[0]) with { Needs = Parts.None }],
        ["Trainer.LossOf(String)"] = [Training(s => s.Trainer.LossOf("dense1")) with { Needs = Parts.None, Before = s => s.Step() }],
        ["Trainer.Profile()"] =
            [Training(s => Assert.Throws<InvalidOperationException>(s.Trainer.Profile).Message) with { Needs = Parts.None }],
        ["Trainer.ResetProfile()"] =
            [Training(s => Assert.Throws<InvalidOperationException>(s.Trainer.ResetProfile).Message) with { Needs = Parts.None }],
        ["Trainer.Dispose()"] = [Training(s => Do(s.Trainer.Dispose)) with { Needs = Parts.None, Races = true }],
        ["Trainer.Forward(ReadOnlySpan<Single>, Span<Single>)"] =
            [Training(s => Filled(2 * Samples, outputs => s.Trainer.Forward(Inputs, outputs)))],
        ["Trainer.Backward(ReadOnlySpan<Single>)"] =
            [Training(s => Do(() => s.Trainer.Backward(Values))) with { Before = s => s.Trainer.Forward(Inputs, new float[2 * Samples]) }],
        ["Trainer.Backward(ReadOnlySpan<Single>, Span<Single>)"] =
        [
            Training(s => Filled(Samples, gradient => s.Trainer.Backward(Values, gradient))) with
            {
                Before = s => s.Trainer.Forward(Inputs, new float[2 * Samples]),
            },
        ],
        ["Trainer.Distribute(ICollectives, DistributedOptions)"] = [Training(s => Do(() => s.Trainer.Distribute(new OneRank())))],
        ["Trainer.Update()"] = [Training(s => Do(s.Trainer.Update)) with { Before = s => s.Regression.ComputeGradients(Inputs, Values) }],
        ["Trainer.CopyGradientTo(Parameter, Span<Single>)"] =
        [
            Training(s => Filled(HeldProgram.Length, gradient => s.Trainer.CopyGradientTo(s.Weight, gradient))) with
            {
                Before = s => s.Step(),
            },
        ],
        ["Trainer.CopyGradientFrom(Parameter, ReadOnlySpan<Single>)"] =
        [
            Training(s => Do(() => s.Trainer.CopyGradientFrom(s.Weight, new float[s.Weight.Length]))) with
            {
                Before = s => s.Regression.ComputeGradients(Inputs, Values),
            },
        ],
        ["Trainer.At(ReadOnlySpan<Int32>)"] = [Training(s => s.Trainer.At().BatchSize) with { Needs = Parts.None }],
        ["Trainer`1.At(ReadOnlySpan<Int32>)"] =
            [Training(s => ((Trainer<float>)s.Regression).At().BatchSize) with { Needs = Parts.None }],
        ["RegressionTrainer.At(ReadOnlySpan<Int32>)"] = [Training(s => s.Regression.At().BatchSize) with { Needs = Parts.None }],
        ["ClassificationTrainer.At(ReadOnlySpan<Int32>)"] =
            [Classifying(s => s.Classification.At().BatchSize) with { Needs = Parts.None }],
        ["MultiTaskTrainer.At(ReadOnlySpan<Int32>)"] = [Both(s => s.Both.At().BatchSize) with { Needs = Parts.None }],
        ["Trainer.SaveCheckpoint(String)"] = [Training(s => s.Written(s.Trainer.SaveCheckpoint)) with { Before = s => s.Step() }],
        ["Trainer.LoadCheckpoint(String)"] =
            [Training(s => Do(() => s.Trainer.LoadCheckpoint(s.Path))) with { Before = s => s.Trainer.SaveCheckpoint(s.Path) }],

        ["ExponentialMovingAverage.new(CompiledNetwork, Double)"] =
            [new(s => Moved(new ExponentialMovingAverage(s.Network, 0.9))) { Needs = Parts.Network }],
        ["Trainer.Fit(IEnumerable<SampleBatch>, FitOptions, IProgress<FitProgress>, CancellationToken)"] =
        [
            Training(s => s.Trainer.Fit(Pieces, s.FitOptions, s.Progress).Epochs[^1].ValidationLoss),
            Training(s => s.Trainer.Fit(Pieces, s.FitOptions with { AverageDecay = 0.9 }, s.Progress).Epochs[^1].ValidationLoss),
        ],
        ["Trainer.Fit(IAsyncEnumerable<SampleBatch>, FitOptions, IProgress<FitProgress>, CancellationToken)"] =
            [Training(s => s.Trainer.Fit(Pieces.ToAsyncEnumerable(), s.FitOptions, s.Progress).Epochs[^1].ValidationLoss)],
        ["Trainer.FitAsync(SampleBatch, FitOptions, CancellationToken)"] =
            [Training(s => s.Trainer.FitAsync(Pieces[0], s.FitOptions).ToBlockingEnumerable().Last().ValidationLoss)],
        ["Trainer.FitAsync(IEnumerable<SampleBatch>, FitOptions, CancellationToken)"] =
            [Training(s => s.Trainer.FitAsync(Pieces, s.FitOptions).ToBlockingEnumerable().Last().ValidationLoss)],
        ["Trainer.FitAsync(IAsyncEnumerable<SampleBatch>, FitOptions, CancellationToken)"] =
            [Training(s => s.Trainer.FitAsync(Pieces.ToAsyncEnumerable(), s.FitOptions).ToBlockingEnumerable().Last().ValidationLoss)],

        ["Trainer.For(CompiledNetwork, Int32, Optimizer)"] = [Making(typeof(RegressionTrainer)), Making(typeof(ClassificationTrainer)),
            Making(typeof(MultiTaskTrainer))],
        ["Trainer`1.Step(ReadOnlySpan<Single>, ReadOnlySpan<TTarget>)"] =
            [Training(s => s.Regression.Step(Inputs, Values)), Classifying(s => s.Classification.Step(Inputs, Classes))],
        ["Trainer`1.ComputeGradients(ReadOnlySpan<Single>, ReadOnlySpan<TTarget>)"] =
            [Training(s => s.Regression.ComputeGradients(Inputs, Values)),
                Classifying(s => s.Classification.ComputeGradients(Inputs, Classes))],
        ["Trainer`1.AccumulateGradients(ReadOnlySpan<Single>, ReadOnlySpan<TTarget>)"] =
        [
            Training(s => s.Regression.AccumulateGradients(Inputs, Values)) with { Before = s =>
                s.Regression.AccumulateGradients(Inputs, Values) },
            Classifying(s => s.Classification.AccumulateGradients(Inputs, Classes)) with
            {
                Before = s => s.Classification.AccumulateGradients(Inputs, Classes),
            },
        ],
        ["Trainer`1.Fit(ReadOnlyMemory<Single>, ReadOnlyMemory<TTarget>, FitOptions, IProgress<FitProgress>, CancellationToken)"] =
        [
            Training(s => s.Regression.Fit(Inputs, Values, s.FitOptions, s.Progress).Epochs[^1].ValidationLoss),
            Classifying(s => s.Classification.Fit(Inputs, Classes, s.FitOptions, s.Progress).Epochs[^1].ValidationLoss),
        ],
        ["Trainer`1.Fit(Single[], TTarget[], FitOptions, IProgress<FitProgress>, CancellationToken)"] =
        [
            Training(s => s.Regression.Fit([.. Inputs], [.. Values], s.FitOptions, s.Progress).Epochs[^1].ValidationLoss),
            Classifying(s => s.Classification.Fit([.. Inputs], [.. Classes], s.FitOptions, s.Progress).Epochs[^1].ValidationLoss),
        ],
        ["RegressionTrainer.Evaluate(Single[], Single[])"] = [Training(s => s.Regression.Evaluate([.. Inputs], [.. Values]).Loss)],
        ["ClassificationTrainer.Evaluate(Single[], Int32[])"] =
            [Classifying(s => s.Classification.Evaluate([.. Inputs], [.. Classes]).Loss)],
        ["MultiTaskTrainer.Evaluate(Single[], Int32[], Single[])"] =
            [Both(s => s.Both.Evaluate([.. Inputs], [.. Classes], [.. Values]).Loss)],
        ["MultiTaskTrainer.Fit(Single[], Int32[], Single[], FitOptions, IProgress<FitProgress>, CancellationToken)"] =
            [Both(s => s.Both.Fit([.. Inputs], [.. Classes], [.. Values], s.FitOptions, s.Progress).Epochs[^1].ValidationLoss)],
        ["RegressionTrainer.Evaluate(ReadOnlyMemory<Single>, ReadOnlyMemory<Single>)"] =
            [Training(s => s.Regression.Evaluate(Inputs, Values).Loss)],
        ["ClassificationTrainer.Evaluate(ReadOnlyMemory<Single>, ReadOnlyMemory<Int32>)"] =
            [Classifying(s => s.Classification.Evaluate(Inputs, Classes).Loss)],
        ["MultiTaskTrainer.Step(ReadOnlySpan<Single>, ReadOnlySpan<Int32>, ReadOnlySpan<Single>)"] =
            [Both(s => s.Both.Step(Inputs, Classes, Values))],
        ["MultiTaskTrainer.ComputeGradients(ReadOnlySpan<Single>, ReadOnlySpan<Int32>, ReadOnlySpan<Single>)"] =
            [Both(s => s.Both.ComputeGradients(Inputs, Classes, Values))],
        ["MultiTaskTrainer.AccumulateGradients(ReadOnlySpan<Single>, ReadOnlySpan<Int32>, ReadOnlySpan<Single>)"] =
            [Both(s => s.Both.AccumulateGradients(Inputs, Classes, Values)) with { Before = s =>
                s.Both.AccumulateGradients(Inputs, Classes, Values) }],
        ["MultiTaskTrainer.Fit(ReadOnlyMemory<Single>, ReadOnlyMemory<Int32>, ReadOnlyMemory<Single>, FitOptions, "
            + "IProgress<FitProgress>, CancellationToken)"] =
            [Both(s => s.Both.Fit(Inputs, Classes, Values, s.FitOptions, s.Progress).Epochs[^1].ValidationLoss)],
        ["MultiTaskTrainer.Evaluate(ReadOnlyMemory<Single>, ReadOnlyMemory<Int32>, ReadOnlyMemory<Single>)"] =
            [Both(s => s.Both.Evaluate(Inputs, Classes, Values).Loss)],
    };

    private delegate void PredictionsReceiver(Span<ClassPrediction> found);

    private static ClassPrediction[] ClassesOf(PredictionsReceiver fill)
    {
        var found = new ClassPrediction[Samples];
        fill(found);
        return found;
    }

    private static long Moved(ExponentialMovingAverage average)
    {
        using (average)
        {
            average.Update();
            average.Swap();
            return average.Updates;
        }
    }

    /// <summary>What is disposed of, and what a call needs.</summary>
    [Flags]
    private enum Parts
    {
        None = 0,
        Network = 1,
        Trainer = 2,
        Other = 4,
    }

    public static TheoryData<string> Members => [.. Cases.Keys];

    public static TheoryData<string> MembersThatUseNativeMemory => [.. Cases.Keys.Where(member => Cases[member].Any(c => c.Races))];

    [Fact]
    public void Each_public_member_that_has_to_do_with_native_memory_has_a_case()
    {
        Assert.Empty(Found().Except(Cases.Keys));
        Assert.Empty(Cases.Keys.Except(Found()));
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void After_Dispose_a_member_says_so_or_needs_no_native_memory(string member)
    {
        foreach (Case @case in Cases[member])
        {
            object? expected = Undisturbed(@case);
            foreach (Parts part in @case.Disposable)
            {
                using var scene = new Scene(@case);
                scene.Dispose(part);
                if (@case.Needs.HasFlag(part))
                {
                    Assert.Throws<ObjectDisposedException>(() => @case.Call(scene));
                }
                else
                {
                    Assert.Equal(expected, @case.Call(scene));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(MembersThatUseNativeMemory))]
    public void Disposing_in_the_midst_of_a_member_leaves_its_result_right(string member)
    {
        foreach (Case @case in Cases[member])
        {
            object? expected = Undisturbed(@case);
            foreach (Parts part in @case.Disposable)
            {
                // At each place at which the member calls the program or the user back, as far as it comes.
                bool reached = true;
                for (int place = 1; reached && place <= 12; place++)
                {
                    reached = false;
                    using var scene = new Scene(@case);
                    int places = place;
                    scene.During = () =>
                    {
                        if (Interlocked.Decrement(ref places) == 0)
                        {
                            reached = true;
                            scene.Dispose(part);
                            UseFreedMemory();
                        }
                    };
                    AssertRightOrDisposed(@case, scene, expected);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(MembersThatUseNativeMemory))]
    public void Disposing_on_another_thread_during_a_member_leaves_its_result_right(string member)
    {
        const int MostPlaces = 5, Rounds = 2;
        foreach (Case @case in Cases[member])
        {
            object? expected = Undisturbed(@case);
            foreach (Parts part in @case.Disposable)
            {
                // From when the member begins, and from each place at which it calls back on, as far as it comes. It goes on meanwhile.
                bool reached = true;
                for (int round = 0; reached && round < (MostPlaces + 1) * Rounds; round++)
                {
                    using var scene = new Scene(@case);
                    using var begin = new ManualResetEventSlim();
                    int places = round / Rounds;
                    reached = places == 0;
                    var other = new Thread(() =>
                    {
                        begin.Wait();
                        scene.Dispose(part);
                        UseFreedMemory();
                    });
                    other.Start();
                    if (reached)
                    {
                        begin.Set();
                    }

                    scene.During = () =>
                    {
                        if (Interlocked.Decrement(ref places) == 0)
                        {
                            reached = true;
                            begin.Set();
                        }
                    };
                    try
                    {
                        AssertRightOrDisposed(@case, scene, expected);
                    }
                    finally
                    {
                        begin.Set();
                        other.Join();
                    }
                }
            }
        }
    }

    [Fact]
    public void What_nobody_refers_to_lives_until_its_call_has_ended()
    {
        static void Collect()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            UseFreedMemory();
        }

        float[] few = Inputs[..3];
        using var network = new HeldNetwork(new NetworkOptions { Threads = 1 });
        using var trainer = new RegressionTrainer(network, 3, new Sgd(0.1));
        float[] expected = Filled(6, outputs => network.Forward(few, outputs));
        float loss = trainer.ComputeGradients(few, Values.AsSpan(0, 6));
        foreach (string[] observed in (string[][])[[], ["dense1"]])
        {
            Assert.Equal(
                expected,
                Filled(6,
                    outputs => new HeldNetwork(new NetworkOptions { Threads = 2, Observe = observed }, Collect).Forward(few, outputs)));
        }

        Assert.Equal(
            loss,
            new RegressionTrainer(new HeldNetwork(new NetworkOptions { Threads = 2 }, Collect), 3, new Sgd(0.1))
                .ComputeGradients(few, Values.AsSpan(0, 6)));
        using var stream = new CallingStream(Collect);
        new HeldNetwork(new NetworkOptions()).Save(stream);
        using var saved = new MemoryStream();
        network.Save(saved);
        Assert.Equal(saved.ToArray(), stream.ToArray());
    }

    /// <summary>Public members of networks, parameters and trainers, and those that take one.</summary>
    private static IEnumerable<string> Found()
    {
        foreach (Type type in typeof(CompiledNetwork).Assembly.GetExportedTypes())
        {
            bool holds = Holders.Any(h => h.IsAssignableFrom(type));
            foreach (MemberInfo member in type.GetMembers(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                switch (member)
                {
                    case PropertyInfo property when holds:
                        yield return $"{type.Name}.{property.Name}";
                        break;
                    case MethodBase method when holds && !method.IsSpecialName
                        || method.GetParameters().Any(p => Holders.Any(h => h.IsAssignableFrom(p.ParameterType))):
                        string name = method.IsConstructor ? "new" : method.Name;
                        yield return $"{type.Name}.{name}({string.Join(", ", method.GetParameters().Select(p => Spell(p.ParameterType)))})";
                        break;
                }
            }
        }
    }

    private static string Spell(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Spell))}>"
        : type.Name;

    private static Case Training(Func<Scene, object?> call) =>
        new(call) { Needs = Parts.Network | Parts.Trainer, Trains = true, Trainer = typeof(RegressionTrainer) };

    private static Case Classifying(Func<Scene, object?> call) => Training(call) with { Trainer = typeof(ClassificationTrainer) };

    private static Case Both(Func<Scene, object?> call) => Training(call) with { Trainer = typeof(MultiTaskTrainer) };

    private static Case Making(Type type) => new(s =>
    {
        using Trainer trainer = Trainer.For(s.Network, 3, new Adam());
        return (trainer.GetType(), trainer.BatchSize);
    })
    { Needs = Parts.Network, Trainer = type };

    private static object? Do(Action action)
    {
        action();
        return null;
    }

    private static float[] Filled(int length, Filling fill)
    {
        float[] destination = new float[length];
        fill(destination);
        return destination;
    }

    private static object? Undisturbed(Case @case)
    {
        using var scene = new Scene(@case);
        return @case.Call(scene);
    }

    private static void AssertRightOrDisposed(Case @case, Scene scene, object? expected)
    {
        object? result;
        try
        {
            result = @case.Call(scene);
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        Assert.Equal(expected, result);
    }

    /// <summary>What was just freed now belongs to somebody else, who writes.</summary>
    private static unsafe void UseFreedMemory()
    {
        int lanes = IsaSelection.Default.Lanes();
        var pieces = new List<nint>();
        foreach (int floats in (int[])[16, 32, 48, 5 * lanes, 16 * Samples / lanes, HeldProgram.Length, 2 * HeldProgram.Length])
        {
            for (int i = 0; i < 2; i++)
            {
                nuint bytes = (nuint)AlignedMemory.RoundUp(floats) * sizeof(float);
                void* piece = NativeMemory.AlignedAlloc(bytes, AlignedMemory.Alignment);
                NativeMemory.Fill(piece, bytes, 0xFF);
                pieces.Add((nint)piece);
            }
        }

        foreach (nint piece in pieces)
        {
            NativeMemory.AlignedFree((void*)piece);
        }
    }

    private static byte[] WeightsOf(ulong seed)
    {
        using var network = new HeldNetwork(new NetworkOptions { Seed = seed });
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    /// <summary>A call of a member.</summary>
    /// <param name="Call">The call, and what it gives that can be compared.</param>
    private sealed record Case(Func<Scene, object?> Call)
    {
        /// <summary>What must not be disposed of.</summary>
        public Parts Needs { get; init; }

        /// <summary>Whether it is worth disposing of something meanwhile.</summary>
        public bool Races
        {
            get => field || Needs != Parts.None;
            init;
        }

        /// <summary>Whether there is a trainer.</summary>
        public bool Trains { get; init; }

        /// <summary>Whose losses the network has.</summary>
        public Type? Trainer { get; init; }

        public bool Observed { get; init; }

        /// <summary>What is called first.</summary>
        public Action<Scene> Before { get; init; } = _ => { };

        public IEnumerable<Parts> Disposable => new[] { Parts.Network, Parts.Trainer, Parts.Other }
            .Where(p => Needs.HasFlag(p) || p == Parts.Network || (p == Parts.Trainer && Trains));
    }

    /// <summary>The objects of a call.</summary>
    private sealed class Scene : IDisposable, IProgress<FitProgress>
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("strata-lifetime").FullName;
        private readonly HeldNetwork? _other;
        private readonly Trainer? _trainer;

        public Scene(Case @case)
        {
            Network = new HeldNetwork(
                new NetworkOptions { Threads = 2, Observe = @case.Observed ? ["dense1"] : [] }, () => During?.Invoke(), @case.Trainer);
            _other = @case.Needs.HasFlag(Parts.Other) ? new HeldNetwork(new NetworkOptions { Seed = 5 }, () => During?.Invoke()) : null;
            var optimizer = new Sgd(0.01) { Momentum = 0.9 };
            _trainer = @case.Trains ? Strata.Training.Trainer.For(Network, Samples, optimizer) : null;
            @case.Before(this);
        }

        /// <summary>Is called in the midst of kernels, reads and writes.</summary>
        public Action? During { get; set; }

        public HeldNetwork Network { get; }

        public HeldNetwork Other => _other!;

        public Parameter Weight => Network.Parameters[0];

        public Trainer Trainer => _trainer!;

        public RegressionTrainer Regression => (RegressionTrainer)Trainer;

        public MultiTaskTrainer Both => (MultiTaskTrainer)Trainer;

        public ClassificationTrainer Classification => (ClassificationTrainer)Trainer;

        public string Path => System.IO.Path.Combine(_folder, "file");

        public string WeightsFile
        {
            get
            {
                File.WriteAllBytes(Path, Weights);
                return Path;
            }
        }

        public WeightsLoadOptions Renaming => new()
        {
            Rename = name =>
            {
                During?.Invoke();
                return name;
            },
        };

        public FitOptions FitOptions => new()
        {
            Epochs = 2,
            RestoreBest = true,
            ValidationInputs = Inputs,
            ValidationTargets = _trainer is RegressionTrainer ? default : Classes,
            ValidationValues = _trainer is ClassificationTrainer ? default : Values,
        };

        public IProgress<FitProgress> Progress => this;

        public void Report(FitProgress value) => During?.Invoke();

        public void Dispose(Parts part)
        {
            (part switch
            {
                Parts.Network => Network,
                Parts.Trainer => (IDisposable)Trainer,
                _ => Other,
            }).Dispose();
        }

        public void Dispose()
        {
            During = null;
            _trainer?.Dispose();
            Network.Dispose();
            _other?.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        public float[] Forward(int samples) => Filled(2 * samples, outputs => Network.Forward(Inputs.AsSpan(0, samples), outputs));

        public void Step()
        {
            if (_trainer is ClassificationTrainer)
            {
                Classification.Step(Inputs, Classes);
            }
            else
            {
                Regression.Step(Inputs, Values);
            }
        }

        public byte[] Written(Action<string> save)
        {
            save(Path);
            return File.ReadAllBytes(Path);
        }

        public byte[] Events(Action<TensorBoardWriter> write)
        {
            using var writer = new TensorBoardWriter(_folder, new TensorBoardWriterTests.Clock { Now = DateTimeOffset.UnixEpoch });
            write(writer);
            writer.Flush();
            return [.. EventFileReader.Records(writer.Path).SelectMany(record => record)];
        }

        public byte[] Saved()
        {
            using CallingStream stream = Stream([]);
            Network.Save(stream);
            return stream.ToArray();
        }

        public CallingStream Stream(byte[] content)
        {
            var stream = new CallingStream(() => During?.Invoke());
            stream.Write(content);
            stream.Position = 0;
            return stream;
        }
    }

    private delegate void Filling(Span<float> destination);

    private sealed class CallingStream(Action during) : MemoryStream
    {
        public override int Read(Span<byte> buffer)
        {
            during();
            return base.Read(buffer);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            during();
            base.Write(buffer);
        }
    }
}
