package javax.annotation;

/** In place of a library of annotations that CI cannot have; it means nothing when the client runs. */
public @interface Generated {
  /** The generator. */
  String[] value();

  /** What it says about itself. */
  String comments() default "";
}
