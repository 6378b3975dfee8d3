using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>How threads go through the steps of a training pass.</summary>
public class TrainingStepsTests
{
    public static TheoryData<int, int, bool> Walks
    {
        get
        {
            var walks = new TheoryData<int, int, bool>();
            foreach (int blocks in new[] { 1, 2, 3, 5, 8, 13 })
            {
                foreach (int threads in new[] { 1, 2, 3, 8 })
                {
                    walks.Add(blocks, threads, true);
                    walks.Add(blocks, threads, false);
                }
            }

            return walks;
        }
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Each_item_of_each_step_is_done_once_for_each_block_behind_the_step_before(int blocks, int threads, bool combines)
    {
        using var network = new StepsNetwork(combines, threads);
        int samples = blocks * network.Lanes;
        using var trainer = new RegressionTrainer(network, samples, new Sgd(0.1));
        for (int step = 0; step < 3; step++)
        {
            network.Kernels.Forget();
            trainer.Step(new float[samples], new float[samples]);
            Assert.Equal(blocks, network.Kernels.Blocks);
            network.Kernels.CheckAllDone();
        }
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(3, true, true)]
    [InlineData(2, true, false)]
    [InlineData(8, true, false)]
    [InlineData(9, true, false)]
    [InlineData(1, false, true)]
    [InlineData(3, false, false)]
    public void Steps_are_cut_where_there_are_too_few_blocks_for_the_threads(int blocks, bool combines, bool areCut)
    {
        using var network = new StepsNetwork(combines, threads: 2);
        int samples = blocks * network.Lanes;
        using var trainer = new RegressionTrainer(network, samples, new Sgd(0.1));
        trainer.Step(new float[samples], new float[samples]);
        Assert.Equal(areCut, network.Kernels.WasCut);
    }

    [Fact]
    public void Forward_and_backward_by_themselves_go_through_the_same_steps()
    {
        using var network = new StepsNetwork(combines: true, threads: 3);
        int samples = 2 * network.Lanes;
        using var trainer = new RegressionTrainer(network, samples, new Sgd(0.1));
        float[] gradient = new float[samples];
        trainer.Forward(new float[samples], new float[samples]);
        Assert.Equal(StepsProgram.ForwardCount, network.Kernels.StepsDone.Single());
        trainer.Backward(gradient);
        network.Kernels.CheckAllDone();
    }

    [Fact]
    public void What_a_step_throws_reaches_the_caller_and_the_next_step_works()
    {
        using var network = new StepsNetwork(combines: true, threads: 3);
        int samples = network.Lanes;
        using var trainer = new RegressionTrainer(network, samples, new Sgd(0.1));
        network.Kernels.FailsAt = 3;
        Assert.Throws<InvalidTimeZoneException>(() => trainer.Step(new float[samples], new float[samples]));
        network.Kernels.FailsAt = -1;
        network.Kernels.Forget();
        trainer.Step(new float[samples], new float[samples]);
        network.Kernels.CheckAllDone();
    }

    /// <summary>Counts the items that are done, and checks that the steps before are over.</summary>
    private sealed unsafe class StepsProgram(Isa isa, bool combines) : NetworkProgram
    {
        public const int ForwardCount = 3;

        private const int Row = 16;

        private readonly Lock _gate = new();
        private readonly Dictionary<nint, int[]> _done = [];
        private readonly int[] _schedule = [8, 1, 0, 1, 1, combines ? 2 : 0, 5, 2, 0, 40, 3, 0, 1, 1, combines ? 2 : 0, 7, 7, 0];

        public int FailsAt { get; set; } = -1;

        public bool WasCut { get; private set; }

        public int Blocks => _done.Count;

        public IEnumerable<int> StepsDone =>
            _done.Values.Select(done => done.TakeWhile((items, step) => items == TrainingSteps[step].Items).Count()).Distinct();

        public override Isa Isa => isa;

        public override int ParametersLength => Row;

        public override IReadOnlyList<ParameterPacking> Packing { get; } = [new(0, Row, [new PackedAxis((1, 1))])];

        public override int SampleArenaLength => 16;

        public override int TrainingArenaLength => 16;

        public override int SlotLength => Row;

        public override int SummedParametersLength => Row;

        protected override ReadOnlySpan<int> TrainingSchedule => _schedule;

        public override int ForwardSteps => ForwardCount;

        public void Forget() => _done.Clear();

        public void CheckAllDone() => Assert.Equal([TrainingSteps.Length], StepsDone);

        public override void TrainStep(
            int index, int first, int end, ref readonly float input, int samples, ref float parameters, ref float arena,
            ref float slot, int slotStride,
            ref float shared, ref float sample, ref float scratch, ref float inputGradient, in StepContext step)
        {
            if (index == FailsAt)
            {
                throw new InvalidTimeZoneException("as asked");
            }

            lock (_gate)
            {
                int blocks = TrainingSteps[index].Combines ? step.Samples / isa.Lanes() : 1;
                for (int block = 0; block < blocks; block++)
                {
                    int[] done = Of(ref Unsafe.Add(ref slot, block * slotStride));
                    for (int before = 0; before < index; before++)
                    {
                        Assert.Equal(TrainingSteps[before].Items, done[before]);
                    }

                    done[index] += end - first;
                    Assert.InRange(done[index], 1, TrainingSteps[index].Items);
                }

                WasCut |= end - first < TrainingSteps[index].Items;
            }

            // So that others come in between.
            Thread.SpinWait(50);
        }

        public override void Output(ref float arena, int samples, ref float output)
        {
        }

        public override void OutputGradient(ref readonly float gradient, int samples, ref float arena)
        {
        }

        public override double Loss(ref readonly int classes, ref readonly float values, int samples, ref float arena,
            in StepContext step) => step.Report(1 / step.Divisor);

        private int[] Of(ref float slot)
        {
            nint address = (nint)Unsafe.AsPointer(ref slot);
            if (!_done.TryGetValue(address, out int[]? done))
            {
                _done.Add(address, done = new int[TrainingSteps.Length]);
            }

            return done;
        }
    }

    private sealed class StepsNetwork(bool combines, int threads) : CompiledNetwork(
        new NetworkInfo(
            "Steps",
            [1],
            [1],
            [new LayerInfo("dense1", "Dense", [1], "", 1, 10_000_000)],
            [new ParameterInfo("dense1.weight", [1], Initializer.Ones, 1, 1)],
            [new LossInfo("MeanSquaredError", TargetKind.Values) { Tensor = "dense1", OutputOffset = 0 }]),
        isa => new StepsProgram(isa, combines),
        new NetworkOptions { Threads = threads })
    {
        public StepsProgram Kernels => (StepsProgram)Program;

        public int Lanes => Program.Isa.Lanes();
    }
}
