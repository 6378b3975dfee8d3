using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>The values of one parameter, for each sample.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Initial">The initial value of all elements, or the standard deviation of these values.</param>
/// <param name="IsDrawn">Whether initial values are drawn at random.</param>
/// <param name="IsTrained">Whether training changes it.</param>
/// <param name="BatchAxis">Whether files have an axis of one element before the others.</param>
internal sealed record LearnedTensor(Shape Shape, double Initial, bool IsDrawn, bool IsTrained, bool BatchAxis) : LoopOperation
{
    public const string Suffix = "value";

    // Lanes hold the pixels of a row, or features, as the values lie in memory.
    public override Dependence Dependence => Shape.Rank == 1 ? Dependence.Channel : Dependence.Pixel;

    public override bool IsSource => true;

    public override bool TakesActivation => true;

    public override bool IsDifferentiable(int input) => false;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Nothing;

    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        int[] extents = BatchAxis ? [1, .. Shape.Extents] : Shape.Extents;

        // A normal distribution with a fan of 1 has a deviation of 1.
        return EquatableArray.Of(
            new ParameterSpec(Suffix, extents.ToEquatableArray(), IsDrawn ? Initializer.LeCunNormal : Initializer.Ones, 1, 1)
            {
                OwnKey = "",
                Role = IsTrained ? ParameterRole.Weight : ParameterRole.Buffer,
                Gain = Initial,
                IsReadInRows = true,
            });
    }

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForEach(pass.Output, at =>
        pass.Output[at] = Shape.Rank == 1 ? pass.Parameter(Suffix)[at.C] : pass.Parameter(Suffix).ValueAt(Shape, at)));

    public override void Backward(LoopPass pass)
    {
        if (pass.HasGradient(Suffix))
        {
            pass.Step("", k => k.ForEach(pass.OutputGradient, at =>
                pass.ParameterGradient(Suffix).AddGradient(Shape, at, pass.OutputGradient[at])));
        }
    }
}
