-- What is leaving now: asked after every change of a delivery, however many payments there are.
create index payments_streaming on payments (delivery) where delivery = 'streaming';
