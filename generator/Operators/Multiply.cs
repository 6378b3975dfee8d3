using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

internal sealed class Multiply : Join
{
    public override string Kind => "Multiply";

    public override string Stem => "multiply";

    public override OperatorDocumentation Documentation => new(
        "[Multiply]",
        "unchanged; all branches have one shape, or are C×1×1",
        "y = x₁·x₂·…, each element of C×1×1 for all pixels of its channel",
        "x * y",
        "Multiply");

    public override LayerDefinition Bind(AttributeArguments arguments) => new MultiplyDefinition();
}

/// <summary>The product of branches.</summary>
internal sealed record MultiplyDefinition : JoinDefinition
{
    protected override string Agreement => "one shape or C×1×1";

    protected override bool ChannelsAgree => true;

    protected override bool PixelsBroadcast => true;

    protected override LayerResult Build(LayerContext layer, IReadOnlyList<Shape> branches) =>
        new(new Product(), branches.OrderByDescending(branch => branch.Length).First());
}

/// <summary>The product of all inputs; one of a single pixel is broadcast to all (squeeze-and-excite, Hu et al. 2018).</summary>
internal sealed record Product : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool MultipliesInputs => true;

    public override Reach ReachOf(Shape input, Shape output) => IsOnePixel(input, output) ? Reach.OneForAll : Reach.Place;

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForEachApart(pass.Output, at =>
        pass.Output[at] = pass.Inputs.Select(x => Load(x, pass.Output, at)).Aggregate((left, right) => left * right)));

    public override void Backward(LoopPass pass) => pass.Step("", k =>
    {
        LoopTensor dy = pass.OutputGradient;
        List<int> wanted = Enumerable.Range(0, pass.Inputs.Count).Where(i => pass.InputGradients[i] is not null).ToList();
        List<int> sums = wanted.Where(i => IsOnePixel(pass.Inputs[i].Shape, dy.Shape)).ToList();
        k.ForChannels(dy, c =>
        {
            Variable[] totals = k.SumOverPixels(dy, c, [.. sums.Select(i => $"sum{i}")], at =>
            {
                // Not y / x, which is undefined where x is 0.
                Expression[] shares = Shares(k, k.Let("g", dy[at]), [.. pass.Inputs.Select(x => Load(x, dy, at))]);
                foreach (int i in wanted.Except(sums))
                {
                    pass.InputGradients[i]![at] = shares[i];
                }

                return [.. sums.Select(i => shares[i])];
            });
            for (int i = 0; i < sums.Count; i++)
            {
                pass.InputGradients[sums[i]]![c, 0, 0, 0] = totals[i];
            }
        });
    });

    /// <summary>The gradient of each factor: that of the product, times all others.</summary>
    private static Expression[] Shares(Loops k, Expression g, Expression[] factors)
    {
        // Of a few factors each share is written out.
        const int Few = 4;
        if (factors.Length <= Few)
        {
            return [.. factors.Select((_, i) => factors.Where((_, other) => other != i).Aggregate(g, (product, x) => product * x))];
        }

        // The products of those before and of those behind, so that the work grows with the number of factors and not with its square.
        Expression[] before = new Expression[factors.Length], behind = new Expression[factors.Length];
        (before[0], behind[factors.Length - 1]) = (g, 1);
        for (int i = 1; i < factors.Length; i++)
        {
            before[i] = k.Let($"before{i}", before[i - 1] * factors[i - 1]);
        }

        for (int i = factors.Length - 2; i >= 0; i--)
        {
            behind[i] = k.Let($"behind{i}", i == factors.Length - 2 ? factors[i + 1] : factors[i + 1] * behind[i + 1]);
        }

        return [.. factors.Select((_, i) => i == factors.Length - 1 ? before[i] : before[i] * behind[i])];
    }

    private static bool IsOnePixel(Shape input, Shape output) => input.Rows * input.Width == 1 && output.Rows * output.Width > 1;

    private static Expression Load(LoopTensor x, LoopTensor output, ElementIndex at) =>
        IsOnePixel(x.Shape, output.Shape) ? x[at.C, 0, 0, 0] : x[at];
}
