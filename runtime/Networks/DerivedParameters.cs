using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// Keeps what is computed from an instance's parameters up to date: what training and inference derive, such as the scale of a batch norm,
/// and other forms of weights that only inference reads. Both are computed when they are next needed after a change.
/// </summary>
internal sealed unsafe class DerivedParameters(NetworkProgram program, AlignedMemory parameters, int threads)
{
    private readonly Lock _lock = new();

    // Number of changes so far. What is computed stores the number that it was computed for, so the next call notices a change made
    // meanwhile.
    private int _changes = 1;
    private int _derived;
    private volatile int _prepared;

    /// <summary>Notes that parameters or running statistics have changed.</summary>
    public void Expire() => Interlocked.Increment(ref _changes);

    /// <summary>Computes what training and inference derive, if parameters have changed.</summary>
    public void Derive()
    {
        lock (_lock)
        {
            int changes = Volatile.Read(ref _changes);
            if (_derived != changes)
            {
                float* memory = parameters.Pointer;
                using (Denormals.Flush())
                {
                    program.Derive(ref *memory);
                }

                _derived = changes;
            }
        }
    }

    /// <summary>
    /// Computes all that inference reads, if parameters have changed. If several threads call it, one computes and the others wait.
    /// </summary>
    public void PrepareInference()
    {
        if (_prepared == Volatile.Read(ref _changes))
        {
            return;
        }

        lock (_lock)
        {
            int changes = Volatile.Read(ref _changes);
            if (_prepared != changes)
            {
                Derive();
                new InferencePreparation(program, parameters).Run(threads);
                _prepared = changes;
            }
        }
    }
}
