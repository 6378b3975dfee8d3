using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Lowering;

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

    protected override string Agreement => "one shape or C×1×1";

    protected override bool ChannelsAgree => true;

    protected override bool PixelsBroadcast => true;

    protected override LayerResult Build(LayerContext layer, IReadOnlyList<Shape> branches) =>
        new(new Product(), branches.OrderByDescending(branch => branch.Length).First());
}

/// <summary>The product of all inputs; those of one pixel count at every pixel (squeeze-and-excite, Hu et al. 2018).</summary>
internal sealed record Product : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override Reach ReachOf(Shape input, Shape output) => IsOnePixel(input, output) ? Reach.OneForAll : Reach.Place;

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (w.ForEach(pass.Output))
        {
            w.Store(pass.Output, "c", "z", "y", "x", string.Join(" * ", pass.Inputs.Select(x => Load(w, x, pass.Output))));
        }
    });

    public override void Backward(LoopPass pass) => pass.Step("", w =>
    {
        LoopTensor dy = pass.OutputGradient;
        List<int> wanted = Enumerable.Range(0, pass.Inputs.Count).Where(i => pass.InputGradients[i] is not null).ToList();
        List<int> sums = wanted.Where(i => IsOnePixel(pass.Inputs[i].Shape, dy.Shape)).ToList();
        using (w.For(("c", w.Channels(dy))))
        {
            // Not y / x, which has no value where x is 0.
            string Share(int i) => string.Join(" * ", pass.Inputs.Where((_, other) => other != i).Select(x => Load(w, x, dy)).Prepend("g"));
            w.SumOver(w.PixelLoops(dy), [.. sums.Select(i => $"sum{i}")], () =>
            {
                w.Line($"Vector g = {w.Load(dy, "c", "z", "y", "x")};");
                foreach (int i in wanted.Except(sums))
                {
                    w.Store(pass.InputGradients[i]!, "c", "z", "y", "x", Share(i));
                }

                return [.. sums.Select(Share)];
            });

            foreach (int i in sums)
            {
                w.Store(pass.InputGradients[i]!, "c", "0", "0", "0", $"sum{i}");
            }
        }
    });

    private static bool IsOnePixel(Shape input, Shape output) => input.Rows * input.Width == 1 && output.Rows * output.Width > 1;

    private static string Load(LoopWriter w, LoopTensor x, LoopTensor output) =>
        IsOnePixel(x.Shape, output.Shape) ? w.Load(x, "c", "0", "0", "0") : w.Load(x, "c", "z", "y", "x");
}
