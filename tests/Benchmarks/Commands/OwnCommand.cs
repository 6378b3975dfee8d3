using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Own;
using Strata.Benchmarks.Workers;
using Strata.Training;

namespace Strata.Benchmarks.Commands;

/// <summary>Operators and an optimizer of one's own in turn with their built-in twins, in inference and in training.</summary>
internal static class OwnCommand
{
    private const int Rounds = 20, WarmRounds = 6, Batch = 16, CheckSteps = 3;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(25);

    private static readonly (string Name, Func<CompiledNetwork> Own, Func<CompiledNetwork> BuiltIn)[] Twins =
    [
        ("Tanhshrink", () => new OwnTanhshrink(1), () => new BuiltInTanhshrink(1)),
        ("ReLU6", () => new OwnReLU6(1), () => new BuiltInReLU6(1)),
        ("LeakyReLU", () => new OwnLeakyReLU(1), () => new BuiltInLeakyReLU(1)),
        ("HardSwish", () => new OwnHardSwish(1), () => new BuiltInHardSwish(1)),
        ("PReLU per channel", () => new OwnPReLU(1), () => new BuiltInPReLU(1)),
        ("Add", () => new OwnAdd(1), () => new BuiltInAdd(1)),
        ("Multiply", () => new OwnMultiply(1), () => new BuiltInMultiply(1)),
        ("Sigmoid and Multiply", () => new OwnGate(1), () => new BuiltInGate(1)),
        ("Huber loss", () => new OwnHuber(1), () => new BuiltInHuber(1)),
    ];

    public static int Run()
    {
        MachineCommand.Run();
        Console.WriteLine($"medians of {Rounds} rounds in turn, one thread; training steps of {Batch} samples, SGD with momentum");
        Console.WriteLine("built-in                 forward µs      own   ratio     step µs      own   ratio");
        foreach ((string name, Func<CompiledNetwork> own, Func<CompiledNetwork> builtIn) in Twins)
        {
            Check(name, Results(own(), Momentum()), Results(builtIn(), Momentum()));
            (double ofBuiltIn, double ofOwn) = InTurn(Forward(builtIn()), Forward(own()));
            (double builtInStep, double ownStep) = InTurn(Step(builtIn(), Momentum()), Step(own(), Momentum()));
            Console.WriteLine(FormattableString.Invariant(
                $"{name,-22} {ofBuiltIn,12:F1} {ofOwn,8:F1} {ofOwn / ofBuiltIn,7:F3} ")
                + FormattableString.Invariant($"{builtInStep,11:F0} {ownStep,8:F0} {ownStep / builtInStep,7:F3}"));
        }

        foreach ((string name, bool vectors) in new[] { ("Adam, a loop of floats", false), ("Adam, Vector<float>", true) })
        {
            Check(name, Results(new BuiltInTanhshrink(1), new OwnAdam(vectors)), Results(new BuiltInTanhshrink(1), new Adam()));
            (double builtIn, double own) = InTurn(
                Step(new BuiltInTanhshrink(1), new Adam()), Step(new BuiltInTanhshrink(1), new OwnAdam(vectors)));
            Console.WriteLine(FormattableString.Invariant($"{name,-51} {builtIn,11:F0} {own,8:F0} {own / builtIn,7:F3}"));
        }

        return 0;

        static Optimizer Momentum() => new Sgd(0.01) { Momentum = 0.9 };
    }

    /// <exception cref="WorkerException">Twins do not agree.</exception>
    private static void Check(string name, float[] own, float[] builtIn)
    {
        if (Agreement.MaxError(own, builtIn) is var error and > Agreement.Tolerance)
        {
            throw new WorkerException($"{name}: one's own differs from the built-in twin by {error:G3}.");
        }
    }

    /// <summary>The parameters after some steps, and the outputs then.</summary>
    private static float[] Results(CompiledNetwork network, Optimizer optimizer)
    {
        Action step = Step(network, optimizer);
        for (int i = 0; i < CheckSteps; i++)
        {
            step();
        }

        float[] outputs = new float[network.OutputLength];
        network.Forward(Numbers(network.InputLength), outputs);
        return [.. network.Parameters.SelectMany(ValuesOf), .. outputs];
    }

    private static float[] ValuesOf(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static Action Forward(CompiledNetwork network)
    {
        float[] inputs = Numbers(network.InputLength), outputs = new float[network.OutputLength];
        return () => network.Forward(inputs, outputs);
    }

    private static Action Step(CompiledNetwork network, Optimizer optimizer)
    {
        var trainer = Trainer.For(network, Batch, optimizer);
        float[] inputs = Numbers(Batch * network.InputLength), values = Numbers(Batch * network.OutputLength);
        int[] classes = [.. Enumerable.Range(0, Batch).Select(sample => sample % 10)];
        return trainer switch
        {
            ClassificationTrainer classification => () => classification.Step(inputs, classes),
            RegressionTrainer regression => () => regression.Step(inputs, values),
            _ => () =>
            {
                trainer.Forward(inputs, values);
                trainer.Backward(values);
                trainer.Update();
            }
            ,
        };
    }

    /// <summary>Times of a call in microseconds, of two sides whose slices alternate.</summary>
    private static (double First, double Second) InTurn(Action first, Action second)
    {
        Action[] sides = [first, second];
        List<double>[] times = [[], []];
        int[] calls = [1, 1];
        for (int round = 0; round < WarmRounds + Rounds; round++)
        {
            // Each side is first in every second round.
            foreach (int side in round % 2 == 0 ? new[] { 0, 1 } : [1, 0])
            {
                long start = Stopwatch.GetTimestamp();
                for (int call = 0; call < calls[side]; call++)
                {
                    sides[side]();
                }

                TimeSpan time = Stopwatch.GetElapsedTime(start);
                if (round < WarmRounds)
                {
                    calls[side] = (int)Math.Clamp(calls[side] * (Slice / time), 1, 100_000);
                    System.Threading.Thread.Sleep(100);
                }
                else
                {
                    times[side].Add(time.TotalMicroseconds / calls[side]);
                }
            }
        }

        return (Statistics.Median(times[0]), Statistics.Median(times[1]));
    }

    private static float[] Numbers(int length)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
