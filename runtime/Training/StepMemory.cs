using System;

namespace Strata.Training;

/// <summary>The samples and targets of one step, for data that are read piece by piece.</summary>
/// <param name="samples">The largest number of samples.</param>
/// <param name="inputLength">Floats of a sample.</param>
/// <param name="rules">How many targets a sample has.</param>
internal sealed class StepMemory(int samples, int inputLength, TargetRules rules)
{
    private readonly float[] _inputs = new float[samples * inputLength];
    private readonly int[] _classes = new int[samples * rules.Classes];
    private readonly float[] _values = new float[samples * rules.Values];

    public int Samples { get; private set; }

    public ReadOnlyMemory<float> Inputs => _inputs.AsMemory(0, Samples * inputLength);

    public TargetMemory Targets => new(_classes.AsMemory(0, Samples * rules.Classes), _values.AsMemory(0, Samples * rules.Values));

    public StepMemory Clear()
    {
        Samples = 0;
        return this;
    }

    public void Add(SampleBatch batch, int first, int count)
    {
        batch.Inputs.Slice(first * inputLength, count * inputLength).CopyTo(_inputs.AsMemory(Samples * inputLength));
        batch.Classes.Slice(first * rules.Classes, count * rules.Classes).CopyTo(_classes.AsMemory(Samples * rules.Classes));
        batch.Values.Slice(first * rules.Values, count * rules.Values).CopyTo(_values.AsMemory(Samples * rules.Values));
        Samples += count;
    }
}
