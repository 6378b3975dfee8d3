namespace Strata.Compiler.Lowering;

/// <summary>What a step of training computes. The order of values is that of the runtime's enum.</summary>
internal enum ProfiledPhase
{
    Forward,
    BackwardData,
    BackwardWeights,
}

/// <summary>What <c>Trainer.Profile</c> tells of a step of training.</summary>
/// <param name="Layer">The layers that it belongs to; empty for none.</param>
/// <param name="Floats">How much it reads and writes.</param>
/// <param name="IsOfBatch">Whether it is a weight gradient over the whole batch, which no schedule has.</param>
internal sealed record ProfiledWork(string Layer, ProfiledPhase Phase, StepFloats Floats, bool IsOfBatch = false);
