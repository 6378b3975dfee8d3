using System;
using System.Linq;
using Xunit;

namespace Strata.Imaging.Tests;

public sealed class BoxTests(ITestOutputHelper log)
{
    /// <summary>10,000 cases are a command of tests/Soak.</summary>
    [Fact]
    public void Boxes_suppression_and_regions_are_those_of_torchvision() =>
        log.WriteLine($"{TorchvisionOps.Compare(Resource.Open("torchvision-ops.bin.gz"))} cases agree.");

    [Fact]
    public void A_box_has_the_same_corners_in_each_format()
    {
        var box = new Box(2, 3, 10, 9);
        foreach (BoxFormat format in Enum.GetValues<BoxFormat>())
        {
            Assert.Equal(box, Box.FromTensor(Box.ToTensor([box], format), format).Single());
        }

        Assert.Equal([2, 3, 8, 6], Box.ToTensor([box], BoxFormat.CornerAndSize));
        Assert.Equal([6, 6, 8, 6], Box.ToTensor([box], BoxFormat.CenterAndSize));
        Assert.Throws<ArgumentException>(() => Box.FromTensor([1, 2, 3]));
    }

    [Fact]
    public void A_box_is_clipped_to_the_picture() =>
        Assert.Equal(new Box(0, 3, 8, 5), new Box(-2, 3, 10, 9).Clip(8, 5));

    [Fact]
    public void The_best_of_boxes_of_one_object_is_kept_and_those_of_other_classes_stay()
    {
        Detection[] found =
        [
            new(new Box(0, 0, 10, 10), 0.5f, 0), new(new Box(1, 0, 11, 10), 0.9f, 0), new(new Box(1, 0, 11, 10), 0.4f, 1),
            new(new Box(30, 0, 40, 10), 0.3f, 0),
        ];
        Assert.Equal([found[1], found[2], found[3]], NonMaximumSuppression.Apply(found));
        Assert.Equal([found[1]], NonMaximumSuppression.Apply(found, most: 1));
    }

    /// <summary>The paper's equation 3: exp(−iou² / σ).</summary>
    [Fact]
    public void Soft_suppression_lowers_the_scores_of_boxes_that_overlap()
    {
        Detection[] found = [new(new Box(0, 0, 10, 10), 0.9f, 0), new(new Box(0, 0, 10, 5), 0.8f, 0), new(new Box(0, 0, 10, 5), 0.7f, 1)];
        var kept = NonMaximumSuppression.Soften(found);
        Assert.Equal([0.9f, 0.7f], kept.Take(2).Select(d => d.Score));
        Assert.Equal(0.8 * Math.Exp(-0.5 * 0.5 / 0.5), kept[2].Score, 6);
        Assert.Equal(2, NonMaximumSuppression.Soften(found, leastScore: 0.6).Count);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        Box[] boxes = [new(0, 0, 1, 1)];
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Keep(boxes, [], 0.5));
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.KeepPerClass(boxes, [1], [0, 1], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Keep(boxes, [1], double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Soften([], sigma: 0));
        Assert.Throws<ArgumentException>(() => new RoiAlign(1, 1).Read(new float[5], [1, 2, 2], boxes[0]));
        Assert.Throws<ArgumentException>(() => new RoiAlign(0, 1).Read(new float[4], [1, 2, 2], boxes[0]));
    }
}
