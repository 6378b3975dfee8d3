using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Averages of a network's parameters, which often predict better than the parameters do (Polyak and Juditsky 1992). After t updates, each
/// update does a ← d·a + (1 − d)·p with d = min(decay, (1 + t)/(10 + t)). This is TensorFlow's
/// <c>ExponentialMovingAverage(num_updates)</c>: the initial values have little weight after some updates. Running statistics of batch
/// normalisation are averaged, too. An average below 2⁻¹²⁴ (4.7·10⁻³⁸) in magnitude is set to 0.
/// </summary>
/// <remarks>
/// <code>
/// using var average = new ExponentialMovingAverage(net);
/// for (…)
/// {
///     trainer.Step(images, labels);
///     average.Update();
/// }
///
/// average.Swap();                                      // net predicts, and saves, with the averages
/// </code>
/// <c>Fit</c> does this by itself: <see cref="FitOptions.AverageDecay"/>. One thread at a time may use this object. No thread may change
/// the network meanwhile, and none may use it during <see cref="Swap"/>.
/// </remarks>
public sealed class ExponentialMovingAverage : IDisposable
{
    private readonly CompiledNetwork _network;
    private readonly Pass _pass;
    private readonly Lifetime _lifetime;

    /// <summary>Creates averages that are equal to the network's parameters.</summary>
    /// <param name="network">The network, which outlives this object.</param>
    /// <param name="decay">The largest d, at least 0 and less than 1. Default 0.999.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is out of this range.</exception>
    /// <exception cref="InvalidOperationException">The network keeps its weights as bfloat16
    /// (<see cref="NetworkOptions.WeightStorage"/>).</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public ExponentialMovingAverage(CompiledNetwork network, double decay = 0.999)
    {
        ArgumentNullException.ThrowIfNull(network);
        Check(decay, nameof(decay));
        network.CheckWeightsAreFloats();
        using Lifetime.Hold hold = network.Enter();
        (_network, Decay) = (network, decay);
        _pass = new Pass(network, network.Memory.Copy());
        _lifetime = new Lifetime(this, _pass.Averages.Dispose);
    }

    /// <summary>Takes over the averages of a checkpoint, and owns them from now on.</summary>
    internal ExponentialMovingAverage(CompiledNetwork network, double decay, AlignedMemory averages, long updates)
    {
        (_network, Decay, Updates) = (network, decay, updates);
        _pass = new Pass(network, averages);
        _lifetime = new Lifetime(this, averages.Dispose);
    }

    /// <summary>The largest d of the formula.</summary>
    public double Decay { get; }

    /// <summary>The number of updates, t.</summary>
    public long Updates { get; private set; }

    /// <summary>The averages, in the parameters' layout.</summary>
    internal AlignedMemory Memory => _pass.Averages;

    /// <summary>Moves the averages towards the parameters. Call it after each update of the parameters.</summary>
    /// <exception cref="ObjectDisposedException">This object or the network was disposed of.</exception>
    public void Update()
    {
        using Lifetime.Hold own = _lifetime.EnterAlone(), hold = _network.Enter();
        Updates++;
        _pass.Move((float)(1 - double.Min(Decay, (1.0 + Updates) / (10.0 + Updates))));
    }

    /// <summary>Exchanges the network's parameters and the averages. A second call exchanges them back.</summary>
    /// <exception cref="ObjectDisposedException">This object or the network was disposed of.</exception>
    public void Swap()
    {
        using Lifetime.Hold own = _lifetime.EnterAlone(), hold = _network.EnterAlone();
        _pass.Swap();
        _network.TakeOver();
    }

    /// <summary>Frees the averages. May be called more than once.</summary>
    public void Dispose() => _lifetime.End();

    internal static double Check(double decay, string name) => decay is >= 0 and < 1
        ? decay
        : throw new ArgumentOutOfRangeException(name, decay, $"{name} must be at least 0 and less than 1.");

    /// <summary>The work that threads share.</summary>
    private sealed unsafe class Pass(CompiledNetwork network, AlignedMemory averages) : ParallelJob
    {
        private const int Range = 16_384;

        // The length of the parameters alone. Values derived from them follow in memory.
        private readonly int _length = network.Parameters.Count == 0 ? 0
            : (int)AlignedMemory.RoundUp(network.Program.Packing.Max(p => (long)p.Offset + p.Length));

        private float? _share;

        public AlignedMemory Averages => averages;

        public void Move(float share)
        {
            _share = share;
            RunRanges();
        }

        public void Swap()
        {
            _share = null;
            RunRanges();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        protected override void Run(int piece, int participant)
        {
            int start = piece * Range, count = int.Min(Range, _length - start);
            Span<Vector<float>> a = Vectors(averages, start, count), p = Vectors(network.Memory, start, count)[..a.Length];
            if (_share is { } value)
            {
                // Halve both first: the difference of two large numbers could exceed the range of floats.
                Vector<float> share = new(2 * value), half = new(0.5f);
                using Denormals.Scope flush = Denormals.Flush();
                for (int i = 0; i < a.Length; i++)
                {
                    Vector<float> difference = Vector.MultiplyAddEstimate(half, p[i], -half * a[i]);
                    a[i] = Fading.Flush(Vector.MultiplyAddEstimate(share, difference, a[i]));
                }
            }
            else
            {
                for (int i = 0; i < a.Length; i++)
                {
                    (a[i], p[i]) = (p[i], a[i]);
                }
            }
        }

        private static Span<Vector<float>> Vectors(AlignedMemory memory, int start, int count) =>
            MemoryMarshal.Cast<float, Vector<float>>(new Span<float>(memory.Pointer + start, count));

        private void RunRanges() => RunAll((_length + Range - 1) / Range, _length >= WorkSize.MinimumFloats ? network.Threads : 1);
    }
}
