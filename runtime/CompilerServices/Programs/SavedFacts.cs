
namespace Strata.CompilerServices;

/// <summary>The facts of a program in a <see cref="ValueStream"/>.</summary>
internal static class SavedFacts
{
    public static ProgramFacts Program(ValueStream s, ProgramFacts? x) => new()
    {
        Isa = (Isa)s.Integer((int?)x?.Isa),
        Weights = (WeightStorage)s.Integer((int?)x?.Weights),
        OtherWeights = s.Has(x?.OtherWeights) ? (WeightStorage)s.Integer((int?)x?.OtherWeights) : null,
        DerivedStart = s.Integer(x?.DerivedStart),
        ParametersLength = s.Integer(x?.ParametersLength),
        TrainableLength = s.Integer(x?.TrainableLength),
        Packing = s.Integers(x?.Packing),
        NarrowParameters = s.Integers(x?.NarrowParameters),
        SampleArenaLength = s.Integer(x?.SampleArenaLength),
        ScratchLength = s.Integer(x?.ScratchLength),
        BlockArenaLength = s.Integer(x?.BlockArenaLength),
        BlockThreshold = s.Integer(x?.BlockThreshold),
        LeastBatch = s.Integer(x?.LeastBatch),
        ObservationArenaLength = s.Integer(x?.ObservationArenaLength),
        PreparationItems = s.Integers(x?.PreparationItems),
        SampleSchedule = s.Integers(x?.SampleSchedule),
        CodeLength = s.Long(x?.CodeLength),
        Kernels = s.List(x?.Kernels, (stream, name) => stream.Text(name)),
        Training = s.Has(x?.Training) ? Training(s, x?.Training) : null,
    };

    private static TrainingFacts Training(ValueStream s, TrainingFacts? x) => new()
    {
        ArenaLength = s.Integer(x?.ArenaLength),
        SampleLength = s.Integer(x?.SampleLength),
        SlotFrontLength = s.Integer(x?.SlotFrontLength),
        SummedParametersLength = s.Integer(x?.SummedParametersLength),
        SharedLength = s.Integer(x?.SharedLength),
        Schedule = s.Integers(x?.Schedule),
        ForwardSteps = s.Integer(x?.ForwardSteps),
        GoesBySample = s.Truth(x?.GoesBySample),
        HasInputGradient = s.Truth(x?.HasInputGradient),
        GradientSteps = s.Integers(x?.GradientSteps),
        LossGradients = s.Integers(x?.LossGradients),
        DenseGradients = s.List(x?.DenseGradients, Gradient),
        Tensors = s.List(x?.Tensors, Tensor),
        ProfiledSteps = s.List(x?.ProfiledSteps, Step),
    };

    private static DenseGradient Gradient(ValueStream s, DenseGradient? x) => new(
        s.Integer(x?.Input), s.Integer(x?.Gradient), s.Integer(x?.Weight), s.Integer(x?.Inputs), s.Integer(x?.Panels),
        s.Integer(x?.PanelWidth), s.Integer(x?.RowsPerSlice));

    private static TrainingTensor Tensor(ValueStream s, TrainingTensor? x) => new(
        s.Text(x?.Layer), s.Text(x?.Label), s.Truth(x?.InSlot), s.Integer(x?.Offset), s.Integer(x?.Length))
    {
        IsOfSample = s.Truth(x?.IsOfSample),
    };

    private static ProfiledStep Step(ValueStream s, ProfiledStep? x) => new(
        s.Text(x?.Layer), (ProfiledPhase)s.Integer((int?)x?.Phase), s.Long(x?.SampleFloats), s.Long(x?.BlockFloats), s.Long(x?.BatchFloats))
    {
        IsOfBatch = s.Truth(x?.IsOfBatch),
    };
}
