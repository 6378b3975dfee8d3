using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>A loss that compares each output by itself with its target.</summary>
/// <param name="Length">Outputs of one sample.</param>
internal sealed record ElementLossKernel(Tier Tier, ElementLoss Loss, int Length, int TargetPitch) : LossKernel(Tier)
{
    public override string Summary => $"{Loss.Name}: the loss, and its gradient";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Elements, Length, ChangesBits: true);

    protected override void Record(KernelBuilder k)
    {
        Pointer outputs = k.Parameter("outputs"), targets = k.Parameter("targets");
        Index samples = k.IntParameter("samples");
        Variable step = k.ContextParameter();
        Pointer gradient = k.Parameter("gradient");

        k.Comment("The targets go where the gradient will be, a sample to each lane.");
        k.Run(RuntimeApi.Pack(Tier.Lanes).Call(
            new AddressOf(targets), Number.Named(TargetPitch, "targetPitch"), samples,
            Number.Named(Length, "length"), new AddressOf(gradient)));
        Variable present = k.Let("present", Intrinsics.LanesBefore(new Conversion(ElementType.Float, samples)));
        Variable? values = Loss.Reduction == Reduction.Mean ? k.Let("values", Constant.Double(Length) * Divisor(step)) : null;
        Variable? scale = values is null ? null : k.Let("scale", InLanes(Constant.Double(1) / values));
        Variable loss = k.Let("loss", NoLoss);
        using (k.For("i", Length, out IndexVariable i))
        {
            Pointer g = k.PointTo("g", gradient[i * Tier.Lanes]);
            Variable[] pair = k.Let(("y", outputs[i * Tier.Lanes].Vector), ("t", g[0].Vector));
            if (Loss.Value.Reads(ElementLoss.D) || Loss.Gradient.Reads(ElementLoss.D))
            {
                k.Let("d", pair[0] - pair[1]);
            }

            // These locals have the names of the formulas' variables. What both formulas compute, or one of them twice, is computed once.
            int parts = 0;
            Expression[] results = new Repetitions(Loss.Value, Loss.Gradient).Name(part => k.Let($"part{++parts}", part));
            k.Increase(loss, Intrinsics.Sum(present & results[0]));
            k.Store(g, present & (scale is null ? results[1] : results[1] * scale));
        }

        k.Return(Report(step, loss / (values ?? Divisor(step))));
    }
}
